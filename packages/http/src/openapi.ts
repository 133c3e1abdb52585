import { Hono } from 'hono';
import { describeRoute, type DescribeRouteOptions, generateSpecs, resolver } from 'hono-openapi';
import type { GenericSchema } from 'valibot';
import {
  approvalAnswerResponseSchema,
  chatResponseSchema,
  errorSchema,
  healthSchema,
  modelsSchema,
  runResponseSchema,
  streamEventSchema,
} from './response-schemas.ts';
import { approvalAnswerSchema, cancelSchema, chatRequestSchema } from './schemas.ts';

interface RouteDescription {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly body?: GenericSchema;
  readonly query?: readonly (readonly [name: string, description: string])[];
  readonly answer: GenericSchema;
  readonly stream?: boolean;
  /** Statuses beside 200 that carry the same answer. */
  readonly also?: readonly number[];
  readonly failures: readonly number[];
}

const asked = [400, 401, 403, 413, 415, 421, 429, 503] as const;
const read = [401, 403, 404, 421, 429] as const;

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
    query: [['wait', 'Seconds to wait for its end or a question, such as 30s; at most 60s']],
    answer: runResponseSchema,
    failures: [...read, 400],
  },
  {
    method: 'GET',
    path: '/api/v1/runs/:id/stream',
    summary: 'The events of a run after a cursor',
    query: [['cursor', 'The id of the last event that was read; Last-Event-ID does the same']],
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
    failures: [401, 403, 421, 429],
  },
];

/** The OpenAPI 3.1 document of the API, made from the schemas that judge its bodies. */
export async function openApiDocument(version: string): Promise<object> {
  const described = new Hono();
  for (const route of routes) described.on(route.method, route.path, describeRoute(describe(route)), (context) => context.body(null));
  return generateSpecs(described, {
    documentation: {
      info: { title: 'kubelet-wuhrai', version, description: 'Ask about, and act on, Kubernetes clusters.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      security: [{ bearer: [] }, {}],
    },
  });
}

function describe({ summary, body, query = [], answer, stream = false, also = [], failures }: RouteDescription): DescribeRouteOptions {
  const content = { [stream ? 'text/event-stream' : 'application/json']: { schema: resolver(answer) } };
  const failed = { 'application/json': { schema: resolver(errorSchema) } };
  const responses: NonNullable<DescribeRouteOptions['responses']> = { 200: { description: 'Done', content } };
  for (const status of also) responses[status] = { description: 'The same, with what came of it', content };
  for (const status of failures) responses[status] ??= { description: 'Refused; `error` says why', content: failed };
  return {
    summary,
    ...(body !== undefined && { requestBody: { content: { 'application/json': { schema: resolver(body) } } } }),
    parameters: query.map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }) as const),
    responses,
  };
}
