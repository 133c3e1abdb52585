import type { ResourceInfo } from '../api/registry.ts';
import { openapiTable, schemaTable } from '../data.ts';
import type { JsonMap } from '../json.ts';
import { asMap, isMap } from '../json.ts';
import type { Call, Server } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { goJson, respond, text } from './respond.ts';

/** Answers /openapi/v3: where each group's document is. */
export function openapiIndex({ server }: Call): ApiResponse {
  const paths: JsonMap = { ...openapiTable().index.paths };
  for (const name of customDocuments(server).keys())
    paths[`apis/${name}`] = { serverRelativeURL: `/openapi/v3/apis/${name}?hash=${server.engine.resourceVersion()}` };
  return text(200, goJson({ paths }, '  '));
}

/** The empty document as protobuf (`openapi.v2.Document` of gnostic): swagger "2.0", info. */
const emptyV2 = Buffer.concat([
  Buffer.from([0x0a, 3]),
  Buffer.from('2.0'),
  Buffer.from([0x12, 25, 0x0a, 10]),
  Buffer.from('Kubernetes'),
  Buffer.from([0x12, 11]),
  Buffer.from('unversioned'),
]);

/**
 * Answers /openapi/v2 with a document without definitions: only old forms of explain and of validation read it, and what
 * they look for is in v3.
 */
export function openapiV2({ request }: Call): ApiResponse {
  const accept = request.headers.get('accept') ?? '';
  if (!accept.includes('protobuf'))
    return respond(request, 200, { swagger: '2.0', info: { title: 'Kubernetes', version: 'unversioned' }, paths: {}, definitions: {} });
  return { status: 200, headers: [['content-type', 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf']], body: emptyV2 };
}

/** Answers /openapi/v3/PATH; undefined for a document that is not there. */
export function openapiDocument(call: Call, path: string): ApiResponse | undefined {
  const custom = customDocuments(call.server).get(path.replace(/^apis\//, ''));
  if (custom) return respond(call.request, 200, customDocument(custom));
  const { documents } = openapiTable();
  const entry = Object.hasOwn(documents, path) ? documents[path] : undefined;
  if (!entry) return undefined;
  const { schemas: names, different, components, ...document } = entry;
  const common = schemaTable();
  const schemas: JsonMap = {};
  for (const name of names) schemas[name] = different[name] ?? common[name];
  return respond(call.request, 200, { ...document, components: { ...components, schemas } });
}

function customDocuments({ engine }: Server): Map<string, ResourceInfo[]> {
  const documents = new Map<string, ResourceInfo[]>();
  for (const info of engine.registry.all()) {
    if (!info.custom) continue;
    const name = `${info.group}/${info.version}`;
    documents.set(name, [...(documents.get(name) ?? []), info]);
  }
  return documents;
}

/** The name of a custom schema: the group's parts in reverse order, version, kind. */
function schemaName({ group, version, kind }: ResourceInfo): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}

function customDocument(infos: readonly ResourceInfo[]): JsonMap {
  const schemas: JsonMap = {};
  const paths: JsonMap = {};
  for (const info of infos) {
    const name = schemaName(info);
    const gvk = { group: info.group, kind: info.kind, version: info.version };
    const reference = { $ref: `#/components/schemas/${name}` };
    schemas[name] = customSchema(info, gvk);
    const scope = info.namespaced ? '/namespaces/{namespace}' : '';
    const base = `/apis/${info.group}/${info.version}${scope}/${info.resource}`;
    const answer = { responses: { '200': { description: 'OK', content: { 'application/json': { schema: reference } } } } };
    const query = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((parameter) => ({
      name: parameter,
      in: 'query',
      schema: { type: parameter === 'force' ? 'boolean' : 'string', uniqueItems: true },
    }));
    const operation = (action: string): JsonMap => ({
      ...answer,
      parameters: query,
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk,
    });
    paths[base] = { get: operation('list'), post: operation('post') };
    paths[`${base}/{name}`] = { get: operation('get'), put: operation('put'), patch: operation('patch'), delete: operation('delete') };
  }
  addReferenced(schemas, 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  return { openapi: '3.0.0', info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }, paths, components: { schemas } };
}

function customSchema(info: ResourceInfo, gvk: JsonMap): JsonMap {
  const schema = asMap(info.custom);
  const common = asMap(schemaTable()['io.k8s.api.core.v1.ConfigMap']?.properties);
  return {
    ...schema,
    type: 'object',
    properties: {
      ...asMap(schema.properties),
      apiVersion: common.apiVersion,
      kind: common.kind,
      metadata: {
        description:
          "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
        allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
      },
    },
    'x-kubernetes-group-version-kind': [gvk],
  };
}

/** Adds a common schema and all that it refers to. */
function addReferenced(schemas: JsonMap, name: string): void {
  const schema = schemaTable()[name];
  if (!schema || schemas[name]) return;
  schemas[name] = schema;
  const visit = (value: JsonMap[string]): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isMap(value)) return;
    if (typeof value.$ref === 'string') addReferenced(schemas, value.$ref.replace('#/components/schemas/', ''));
    Object.values(value).forEach(visit);
  };
  visit(schema);
}
