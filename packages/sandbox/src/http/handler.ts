import { written } from '../json.ts';
import { ApiError, isApiError, methodNotAllowed, noSuchResource, notFound, notImplemented } from '../api/errors.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { User } from '../api/types.ts';
import { effectiveUser } from '../auth/impersonate.ts';
import type { Attributes } from '../auth/rbac.ts';
import { authorize, denied } from '../auth/rbac.ts';
import { discoveryTable } from '../data.ts';
import { handleComponents } from './components.ts';
import { handleApproval } from './certificates.ts';
import type { Call, Server } from './context.ts';
import { discoveryGroup, discoveryRoot, discoveryVersion } from './discovery.ts';
import { handleHealth } from './health.ts';
import { listObjects } from './list.ts';
import { handleLogs } from './logs.ts';
import type { ApiRequest, ApiResponse } from './messages.ts';
import { handleMetrics } from './metrics.ts';
import { createFrom, objectHandler, patchFrom, updateFrom } from './objects.ts';
import { openapiDocument, openapiIndex, openapiV2 } from './openapi.ts';
import { handleBinding, handleConnect, handleEviction } from './pod-subresources.ts';
import type { RequestInfo } from './request-info.ts';
import { requestInfo } from './request-info.ts';
import { respond, respondError, text, withWarnings } from './respond.ts';
import { handleReview, isReview } from './reviews.ts';
import { handleScale } from './scale.ts';
import { handleToken } from './tokens.ts';
import { watchObjects } from './watch.ts';

/** Who sends a request; undefined for nobody that the server knows. */
export type Authenticate = (request: ApiRequest) => User | undefined;

/** Answers one request: authenticates, authorises, and hands it to what serves its path. Never throws. */
export async function handleRequest(server: Server, authenticate: Authenticate, request: ApiRequest): Promise<ApiResponse> {
  const warnings: string[] = [];
  try {
    const response = await answer(server, authenticate, request, (warning) => void warnings.push(warning));
    return withWarnings(response, warnings);
  } catch (error) {
    const known = isApiError(error)
      ? error
      : new ApiError(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`, {
          causes: [{ message: error instanceof Error ? error.message : String(error) }],
        });
    return withWarnings(respondError(request, known), warnings);
  }
}

function answer(
  server: Server,
  authenticate: Authenticate,
  request: ApiRequest,
  warn: (text: string) => void,
): ApiResponse | Promise<ApiResponse> {
  const client = authenticate(request);
  if (!client) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  const info = requestInfo(request);
  const attributes = attributesOf(info);
  const user = effectiveUser(server.engine, client, request.headers, attributes);
  for (const wanted of [attributes, ...upgradeRights(attributes)])
    if (!authorize(server.engine, user, wanted).allowed) throw denied(user, wanted);
  const call: Call = { server, request, info, user, warn };
  return info.isResource ? answerResource(call) : answerPath(call);
}

/** Whoever opens a stream into a container by GET needs the right to create it, too. */
function upgradeRights(attributes: Attributes): Attributes[] {
  const streams =
    attributes.group === '' && attributes.resource === 'pods' && ['exec', 'attach', 'portforward'].includes(attributes.subresource);
  return streams && attributes.verb === 'get' ? [{ ...attributes, verb: 'create' }] : [];
}

function attributesOf({ verb, isResource, path, group, resource, subresource, namespace, name }: RequestInfo): Attributes {
  return { verb, isResource, path, group, resource, subresource, namespace, name };
}

function answerPath(call: Call): ApiResponse {
  const { path } = call.info;
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group = '', version = ''] = parts;
  const found = ((): ApiResponse | undefined => {
    switch (root) {
      case undefined:
        return respond(call.request, 200, {
          paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'],
        });
      case 'version':
        return versionResponse(call);
      case 'api':
        return group === '' ? discoveryRoot(call, 'api') : parts.length === 2 ? discoveryVersion(call, '', group) : undefined;
      case 'apis':
        if (group === '') return discoveryRoot(call, 'apis');
        return version === '' ? discoveryGroup(call, group) : discoveryVersion(call, group, version);
      case 'healthz':
      case 'livez':
      case 'readyz':
        return handleHealth(call, root, parts.slice(1).join('/'));
      case 'openapi':
        return answerOpenapi(call, parts.slice(1));
      default:
        return undefined;
    }
  })();
  if (found) return found;
  if (root === 'api' || (root === 'apis' && discoveryGroup(call, group))) throw noSuchResource();
  return text(404, '404 page not found\n');
}

function answerOpenapi(call: Call, [version, ...path]: readonly string[]): ApiResponse | undefined {
  if (version === 'v2') {
    return openapiV2(call);
  }
  if (version !== 'v3') return undefined;
  return path.length === 0 ? openapiIndex(call) : openapiDocument(call, path.join('/'));
}

function versionResponse({ request }: Call): ApiResponse {
  const { version } = discoveryTable();
  const sandbox = {
    ...version,
    gitVersion: `${written(version.gitVersion)}+sandbox`,
    gitCommit: 'sandbox',
    platform: `${written(version.platform)}`,
  };
  return respond({ ...request, query: new URLSearchParams('pretty=true') }, 200, sandbox);
}

function answerResource(call: Call): ApiResponse {
  const { engine } = call.server;
  const { group, version, resource, subresource, verb } = call.info;
  const info = engine.registry.find(group, version, resource);
  if (!info) {
    if (!engine.registry.all().some((other) => other.group === group)) return text(404, '404 page not found\n');
    throw noSuchResource();
  }
  if (call.request.method === 'HEAD') throw methodNotAllowed();
  deprecation(call, info);
  if (isReview(group, resource)) {
    if (verb !== 'create') throw methodNotAllowed();
    return handleReview(call);
  }
  if (info.storage === 'componentstatuses') return handleComponents(call, info);
  if (group === 'metrics.k8s.io') return handleMetrics(call, info);
  if (resource === 'bindings') return handleBinding(call);
  if (subresource !== '') return answerSubresource(call, info);
  if (verb === 'list') return listObjects(call, info);
  if (verb === 'watch') return watchObjects(call, info);
  if (verb === 'create' && call.info.name !== '') throw methodNotAllowed();
  if ((verb === 'update' || verb === 'patch') && call.info.name === '') throw methodNotAllowed();
  if (info.namespaced && call.info.namespace === '' && verb === 'create') throw methodNotAllowed();
  if (call.info.namespace !== '' && verb === 'create') checkNamespace(call, info);
  return objectHandler(verb, info.verbs)(call, info);
}

function checkNamespace(call: Call, info: ResourceInfo): void {
  if (!info.namespaced || call.server.engine.find('namespaces', call.info.namespace)) return;
  throw notFound({ group: '', resource: 'namespaces' }, call.info.namespace);
}

function answerSubresource(call: Call, info: ResourceInfo): ApiResponse {
  const { subresource, verb } = call.info;
  const { engine } = call.server;
  const described = info.subresources.get(subresource);
  if (!described) throw noSuchResource();
  switch (subresource) {
    case 'status':
    case 'finalize':
    case 'ephemeralcontainers':
    case 'resize':
      return objectSubresource(call, info, verb);
    case 'scale':
      return handleScale(call, info);
    case 'log':
      return handleLogs(call);
    case 'binding':
      return handleBinding(call);
    case 'eviction':
      return handleEviction(call);
    case 'approval':
      return handleApproval(call, info);
    case 'token':
      return handleToken(call);
    case 'exec':
    case 'attach':
    case 'portforward':
    case 'proxy':
      if (info.storage === 'pods') return handleConnect(call);
      if (!engine.find(info.storage, call.info.name, info.namespaced ? call.info.namespace : '')) throw notFound(info, call.info.name);
      throw notImplemented(`${subresource} on ${info.resource}: nothing runs in the sandbox`);
    default:
      throw notImplemented(`the subresource ${subresource} of ${info.resource}`);
  }
}

function objectSubresource(call: Call, info: ResourceInfo, verb: string): ApiResponse {
  if (verb === 'update') return updateFrom(call, info);
  if (verb === 'patch') return patchFrom(call, info);
  if (verb === 'get') return objectHandler('get', ['get'])(call, info);
  if (verb === 'create') return createFrom(call, info);
  throw methodNotAllowed();
}

function deprecation(call: Call, info: ResourceInfo): void {
  if (info.group !== '') return;
  if (info.resource === 'endpoints') call.warn('v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice');
  if (info.resource === 'componentstatuses') call.warn('v1 ComponentStatus is deprecated in v1.19+');
}
