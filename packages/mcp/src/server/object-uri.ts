import { rpcCodes, rpcError } from './rpc.ts';

/** The address of objects. */
export const objectTemplate = 'k8s://{context}/{namespace}/{kind}/{name}';

/** One object of a cluster, by the words of its address. */
export interface ObjectAddress {
  readonly context: string;
  /** Absent for an object that has none, and where the context's own is meant. */
  readonly namespace?: string;
  /** As kubectl takes it, such as `pods`, `deployments.apps`. */
  readonly kind: string;
  readonly name: string;
}

const word = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;

/** Reads such an address; `_` stands for no namespace. Throws an error that says what is wrong. */
export function parseObjectUri(uri: string): ObjectAddress {
  const parts = uri.replace(/^k8s:\/\//, '').split('/');
  const [context, namespace, kind, name] = parts.map(decode);
  if (parts.length !== 4 || context === undefined || namespace === undefined || kind === undefined || name === undefined)
    throw rpcError(rpcCodes.invalidParams, `${uri} is no ${objectTemplate}`);
  for (const part of [namespace, kind, name])
    if (part !== '_' && !word.test(part)) throw rpcError(rpcCodes.invalidParams, `${JSON.stringify(part)} in ${uri} is no name`);
  return { context, kind, name, ...(namespace === '_' || namespace === '' ? {} : { namespace }) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not encoded, though it looks like it
  }
}
