import { KubeError } from '../errors.ts';

/** A token that can travel in a header, or an error that does not show it. */
export function checkToken(token: string, what: string): string {
  if (!/^[\u0021-\u007e]+$/.test(token))
    throw new KubeError('credential-invalid', `${what} holds spaces, line breaks or other characters that no token has.`);
  return token;
}
