import { Hono } from 'hono';
import { describeRoute, type DescribeRouteOptions, generateSpecs, resolver } from 'hono-openapi';
import type { GenericSchema } from 'valibot';
import {
  approvalAnswerResponseSchema,
  chatResponseSchema,
  contextsSchema,
  errorSchema,
  healthSchema,
  killSwitchStateSchema,
  modelsSchema,
  namespacesSchema,
  outputSchema,
  runResponseSchema,
  sessionSchema,
  sessionsSchema,
  sessionSummarySchema,
  statusSchema,
  streamEventSchema,
  toolsSchema,
} from './response-schemas.ts';
import { approvalAnswerSchema, cancelSchema, chatRequestSchema, killSwitchSchema, sessionPatchSchema } from './schemas.ts';

interface RouteDescription {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly body?: GenericSchema;
  readonly query?: readonly (readonly [name: string, description: string, pattern?: string])[];
  /** Absent: 204, without a body. */
  readonly answer?: GenericSchema;
  readonly stream?: boolean;
  /** Statuses beside 200 that carry the same answer. */
  readonly also?: readonly number[];
  readonly failures: readonly number[];
}

const asked = [400, 401, 403, 413, 415, 421, 429, 503] as const;
const read = [401, 403, 404, 421, 429, 503] as const;
const known = [401, 403, 421, 429, 503] as const;

// What the routes take; an empty one is the same as none.
const count = '^([1-9][0-9]{0,14})?$';
const seconds = '^[0-9]{1,4}s?$';
const place = '^([0-9]{1,15}:[0-9]{1,15})?$';

const routes: readonly RouteDescription[] = [
  {
    method: 'POST',
    path: '/api/v1/chat',
    summary: 'Ask, and wait for the answer or for a question that needs a person',
    body: chatRequestSchema,
    answer: chatResponseSchema,
    also: [502, 504],
    failures: [...asked, 409],
  },
  {
    method: 'POST',
    path: '/api/v1/chat/stream',
    summary: 'Ask, and get each event as it comes',
    body: chatRequestSchema,
    answer: streamEventSchema,
    stream: true,
    failures: [...asked, 409],
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/:id',
    summary: 'Answer a question; runs nothing itself',
    body: approvalAnswerSchema,
    answer: approvalAnswerResponseSchema,
    also: [409, 410],
    failures: [...asked, 404],
  },
  {
    method: 'GET',
    path: '/api/v1/runs/:id',
    summary: 'A run as it stands',
    query: [['wait', 'Seconds to wait for its end or a question, such as 30s; at most 60s', seconds]],
    answer: runResponseSchema,
    failures: [...read, 400],
  },
  {
    method: 'GET',
    path: '/api/v1/runs/:id/stream',
    summary: 'The events of a run after a cursor',
    query: [['cursor', 'The id of the last event that was read; Last-Event-ID does the same', place]],
    answer: streamEventSchema,
    stream: true,
    failures: [...read, 400],
  },
  {
    method: 'POST',
    path: '/api/v1/runs/:id/cancel',
    summary: 'Ask for the end of a run',
    body: cancelSchema,
    answer: runResponseSchema,
    also: [202],
    failures: [...asked, 404],
  },
  {
    method: 'GET',
    path: '/api/v1/kill-switch',
    summary: 'Whether everything is stopped; where the service has a kill switch',
    answer: killSwitchStateSchema,
    failures: [...read],
  },
  {
    method: 'POST',
    path: '/api/v1/kill-switch',
    summary: 'Stop everything, or let it go on; needs the scope admin',
    body: killSwitchSchema,
    answer: killSwitchStateSchema,
    failures: [...asked, 404],
  },
  {
    method: 'GET',
    path: '/api/v1/health',
    summary: 'Whether the server is well; open to everybody',
    answer: healthSchema,
    failures: [421],
  },
  {
    method: 'GET',
    path: '/api/v1/models',
    summary: 'The models that the server knows',
    answer: modelsSchema,
    failures: [...known],
  },
  { method: 'GET', path: '/api/v1/status', summary: 'How the service and its parts stand', answer: statusSchema, failures: [...known] },
  { method: 'GET', path: '/api/v1/tools', summary: 'What the model may use', answer: toolsSchema, failures: [...known] },
  {
    method: 'GET',
    path: '/api/v1/contexts',
    summary: 'Kube contexts that a question may name',
    answer: contextsSchema,
    failures: [...known],
  },
  {
    method: 'GET',
    path: '/api/v1/namespaces',
    summary: 'Namespaces of a context',
    query: [['cluster', 'A context; the current one where it is left out']],
    answer: namespacesSchema,
    failures: [...known, 400, 500, 502],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions',
    summary: 'Sessions that the caller may see, the latest first',
    query: [
      ['limit', 'How many; 50 where it is left out, at most 500', count],
      ['search', 'Only those whose id, title or first question holds this'],
    ],
    answer: sessionsSchema,
    failures: [...read, 400],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/:id',
    summary: 'A session with its questions and what came of them',
    answer: sessionSchema,
    failures: [...read],
  },
  {
    method: 'PATCH',
    path: '/api/v1/sessions/:id',
    summary: 'Rename a session, or share it with viewers and approvers; only its owner may',
    body: sessionPatchSchema,
    answer: sessionSummarySchema,
    failures: [...asked, 404],
  },
  {
    method: 'DELETE',
    path: '/api/v1/sessions/:id',
    summary: 'Delete a session with its outputs',
    failures: [...asked, 404, 409],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/:id/events',
    summary: 'The events of all runs of a session after a cursor, and of those to come',
    query: [['cursor', 'The id of the last event that was read; Last-Event-ID does the same', place]],
    answer: streamEventSchema,
    stream: true,
    failures: [...read, 400, 503],
  },
  {
    method: 'GET',
    path: '/api/v1/sessions/:id/outputs/:output',
    summary: "Lines of a tool's kept output",
    query: [
      ['from', 'The first line, counted from 1', count],
      ['lines', 'How many; 500 where it is left out, at most 5000', count],
    ],
    answer: outputSchema,
    failures: [...read, 400],
  },
];

/** The OpenAPI 3.1 document of the API, made from the schemas that judge its bodies. */
export async function openApiDocument(version: string): Promise<object> {
  const described = new Hono();
  for (const route of routes) described.on(route.method, route.path, describeRoute(describe(route)), (context) => context.body(null));
  const document = await generateSpecs(described, {
    documentation: {
      info: { title: 'kubelet-wuhrai', version, description: 'Ask about, and act on, Kubernetes clusters.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }, {}],
    },
  });
  const plain: object = JSON.parse(JSON.stringify(document), asEvents);
  return plain;
}

/** The schema of a stream tells of one event: its id, and its data as text that holds JSON. */
function asEvents(key: string, value: unknown): unknown {
  if (key !== 'text/event-stream' || typeof value !== 'object' || value === null || !('schema' in value)) return value;
  return {
    schema: {
      type: 'object',
      required: ['data'],
      properties: {
        id: { type: 'string', pattern: '^[0-9]+:[0-9]+$', description: 'The place after this event: the cursor to come back with.' },
        data: { type: 'string', contentMediaType: 'application/json', contentSchema: value.schema },
      },
    },
  };
}

function describe({ summary, body, query = [], answer, stream = false, also = [], failures }: RouteDescription): DescribeRouteOptions {
  const content = answer === undefined ? undefined : { [stream ? 'text/event-stream' : 'application/json']: { schema: resolver(answer) } };
  const failed = { 'application/json': { schema: resolver(errorSchema) } };
  const responses: NonNullable<DescribeRouteOptions['responses']> =
    content === undefined ? { 204: { description: 'Done' } } : { 200: { description: 'Done', content } };
  for (const status of also)
    responses[status] = { description: 'The same, with what came of it', ...(content !== undefined && { content }) };
  for (const status of failures) responses[status] ??= { description: 'Refused; `error` says why', content: failed };
  return {
    summary,
    ...(body !== undefined && { requestBody: { required: true, content: { 'application/json': { schema: resolver(body) } } } }),
    parameters: query.map(
      ([name, description, pattern]) =>
        ({ name, in: 'query', description, schema: { type: 'string', ...(pattern !== undefined && { pattern }) } }) as const,
    ),
    responses,
  };
}
