import type { Principal } from '@kw/agent';
import type { RuntimeHost } from './host.ts';

/** The user of this process. The subject is the uid, so that a renamed account keeps its sessions. */
export function localPrincipal({ userId, userName }: RuntimeHost): Principal {
  return { issuer: 'local', subject: userId === undefined ? userName : `uid:${userId}`, ...(userName === '' ? {} : { name: userName }) };
}
