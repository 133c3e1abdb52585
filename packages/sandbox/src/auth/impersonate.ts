import { ApiError } from '../api/errors.ts';
import type { Engine } from '../api/engine.ts';
import type { User } from '../api/types.ts';
import type { Attributes } from './rbac.ts';
import { authorize } from './rbac.ts';

/** Who a request acts as: its own user, or the one that its Impersonate headers name, if it may. */
export function effectiveUser(engine: Engine, user: User, headers: ReadonlyMap<string, string>, attributes: Attributes): User {
  const name = headers.get('impersonate-user') ?? '';
  const groups = (headers.get('impersonate-group') ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  const uid = headers.get('impersonate-uid') ?? '';
  const extra = [...headers].filter(([header]) => header.startsWith('impersonate-extra-'));
  if (name === '' && groups.length === 0 && uid === '' && extra.length === 0) return user;
  if (name === '')
    throw new ApiError(
      500,
      'InternalError',
      `Internal error occurred: requested [${[...groups.map((group) => groupReference(group)), ...(uid === '' ? [] : [uidReference(uid)])].join(' ')}] without impersonating a user`,
      { causes: [{ message: 'requesting impersonation without a user' }] },
    );
  const account = name.match(/^system:serviceaccount:([^:]+):([^:]+)$/);
  check(
    engine,
    user,
    { resource: account ? 'serviceaccounts' : 'users', name: account?.[2] ?? name, namespace: account?.[1] ?? '' },
    attributes,
  );
  for (const group of groups) check(engine, user, { resource: 'groups', name: group, namespace: '' }, attributes);
  const own = account ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : [];
  return {
    name,
    groups: [...new Set([...groups, ...(groups.length === 0 || !account ? own : own), 'system:authenticated'])],
    ...(uid === '' ? {} : { uid }),
    ...(extra.length > 0
      ? {
          extra: Object.fromEntries(
            extra.map(([header, value]) => [decodeURIComponent(header.slice('impersonate-extra-'.length)), [value]]),
          ),
        }
      : {}),
  };
}

const groupReference = (group: string): string => `{Group ${group}    rbac.authorization.k8s.io/v1 }`;
const uidReference = (uid: string): string => `{UID ${uid}    authentication.k8s.io/v1 }`;

function check(
  engine: Engine,
  user: User,
  subject: { readonly resource: string; readonly name: string; readonly namespace: string },
  wanted: Attributes,
): void {
  const attributes: Attributes = { ...subject, verb: 'impersonate', isResource: true, path: '', group: '', subresource: '' };
  if (authorize(engine, user, attributes).allowed) return;
  const resource = wanted.subresource === '' ? wanted.resource : `${wanted.resource}/${wanted.subresource}`;
  const scope = wanted.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(wanted.namespace)}`;
  const on = `User ${JSON.stringify(user.name)} cannot impersonate-on:user-info:${wanted.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(wanted.group)} ${scope}`;
  throw new ApiError(403, 'Forbidden', `${wanted.resource}${wanted.group === '' ? '' : `.${wanted.group}`} is forbidden: ${on}`, {
    group: wanted.group,
    kind: wanted.resource,
  });
}
