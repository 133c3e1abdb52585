import type { UpstreamAuth } from './config.ts';

/** The headers that show who we are; a sign-in has none of its own. */
export function authHeaders(auth: UpstreamAuth | undefined): Readonly<Record<string, string>> {
  switch (auth?.type) {
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}` };
    case 'api-key':
      return { [auth.header.toLowerCase()]: auth.key };
    case 'oauth':
    case undefined:
      return {};
  }
}
