import type { ApiRequest } from './messages.ts';

/** What a request is about, as authorisation sees it. */
export interface RequestInfo {
  readonly verb: string;
  readonly path: string;
  /** False for /version and the like. */
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** What follows the subresource: the path of a proxy. */
  readonly rest: string;
  readonly name: string;
}

const verbs = new Map([
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
  ['GET', 'get'],
  ['HEAD', 'get'],
]);

const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads a request's path and method. */
export function requestInfo({ method, path, query }: Pick<ApiRequest, 'method' | 'path' | 'query'>): RequestInfo {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const nothing = { path, group: '', version: '', namespace: '', resource: '', subresource: '', rest: '', name: '' };
  const plain: RequestInfo = { ...nothing, verb: method.toLowerCase(), isResource: false };
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return plain;
  const [group, version] = core ? ['', parts[1]] : [parts[1], parts[2]];
  let rest = parts.slice(core ? 2 : 3);
  if (group === undefined || version === undefined || rest.length === 0) return plain;
  const watchPath = rest[0] === 'watch' && rest.length > 1;
  if (watchPath) rest = rest.slice(1);
  let namespace = '';
  if (
    rest[0] === 'namespaces' &&
    rest[1] !== undefined &&
    rest[2] !== undefined &&
    !(core && rest.length === 3 && namespaceSubresources.has(rest[2]))
  ) {
    namespace = rest[1];
    rest = rest.slice(2);
  } else if (rest[0] === 'namespaces' && rest[1] !== undefined) namespace = core ? rest[1] : '';
  const [resource = '', name = '', subresource = ''] = rest;
  return {
    ...nothing,
    isResource: true,
    group,
    version,
    namespace,
    resource,
    name,
    subresource,
    rest: rest.slice(3).join('/'),
    verb: verbOf(method, name, watchPath || truthy(query.get('watch')), query),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function truthy(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

function verbOf(method: string, name: string, watch: boolean, query: URLSearchParams): string {
  const verb = verbs.get(method) ?? method.toLowerCase();
  if (verb === 'get' && watch && (name === '' || !query.has('follow'))) return 'watch';
  if (name === '') return verb === 'get' ? 'list' : verb === 'delete' ? 'deletecollection' : verb;
  return verb;
}
