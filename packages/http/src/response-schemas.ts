import type {
  ApprovalAnswerResponse,
  ChatResponseBody,
  ContextsResponse,
  ErrorResponseBody,
  HealthResponse,
  ModelsResponse,
  NamespacesResponse,
  OutputResponse,
  RunResponseBody,
  SessionResponse,
  SessionsResponse,
  StatusResponse,
  StreamEvent,
  ToolsResponse,
  WireActivity,
  WireCursor,
  WireSession,
  WireUsage,
} from '@kw/sdk-js';
import * as v from 'valibot';
import { approvalSchema, givenGrantSchema, targetSchema } from './approval-schema.ts';

// The schemas of what the API sends, for its description and for tests; typed by the contract, so that a drift does not compile.

const text = v.string();
const time = v.pipe(v.string(), v.isoTimestamp());
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- proved by the pattern
const cursor = v.pipe(v.string(), v.regex(/^\d+:\d+$/)) as v.GenericSchema<WireCursor>;
const status = v.picklist(['processing', 'completed', 'awaiting_approval', 'limit', 'cancelled', 'error']);
const error = v.object({ code: text, message: text });
const metadata = v.object({ query_length: v.pipe(text, v.digits()), processed_at: time, model_used: v.exactOptional(text) });

/** Tokens and money of a run. */
const usage: v.GenericSchema<WireUsage> = v.object({
  input_tokens: v.number(),
  output_tokens: v.number(),
  cached_input_tokens: v.exactOptional(v.number()),
  reasoning_tokens: v.exactOptional(v.number()),
  estimated: v.exactOptional(v.boolean()),
  cost: v.exactOptional(v.object({ amount: v.number(), currency: text, estimated: v.exactOptional(v.boolean()) })),
});

const chatEntries = {
  response: text,
  session_id: text,
  run_id: text,
  status,
  metadata,
  timestamp: time,
  approval: v.exactOptional(approvalSchema),
  cursor: v.exactOptional(cursor),
  error: v.exactOptional(error),
};

/** Answer of `POST /api/v1/chat`. */
export const chatResponseSchema: v.GenericSchema<ChatResponseBody> = v.object(chatEntries);

/** Answer of `GET /api/v1/runs/{id}`. */
export const runResponseSchema: v.GenericSchema<RunResponseBody> = v.object({
  ...chatEntries,
  done: v.boolean(),
  started_at: time,
  ended_at: v.exactOptional(time),
});

const call = { call_id: text, tool: text };

/** What an event tells beside text. */
const activitySchema: v.GenericSchema<WireActivity> = v.variant('type', [
  v.object({ type: v.literal('reasoning-delta'), text }),
  v.object({ type: v.literal('message-discarded'), reason: text }),
  v.object({ type: v.literal('tool-call'), ...call, arguments: text }),
  v.object({ type: v.literal('tool-start'), ...call, command: text, effect: text, grant_id: v.exactOptional(text) }),
  v.object({ type: v.literal('tool-progress'), call_id: text, message: text }),
  v.object({
    type: v.literal('tool-result'),
    ...call,
    outcome: text,
    is_error: v.boolean(),
    content: text,
    duration_ms: v.number(),
    exit_code: v.exactOptional(v.number()),
    output: v.exactOptional(text),
  }),
  v.object({
    type: v.literal('approval-response'),
    approval_id: text,
    decision: text,
    reason: v.exactOptional(text),
    grant: v.exactOptional(text),
    by: v.exactOptional(text),
  }),
  v.object({ type: v.literal('retry'), attempt: v.number(), delay_ms: v.number(), message: text }),
  v.object({ type: v.literal('run-resumed'), because: text }),
  v.object({ type: v.literal('context-compacted'), before: v.number(), after: v.number(), turns: v.number() }),
  v.object({ type: v.literal('notice'), code: text, message: text }),
  v.object({ type: v.literal('run-start'), query: v.exactOptional(text), target: v.exactOptional(targetSchema) }),
  v.object({ type: v.literal('turn-end') }),
]);

/** One event of a stream. */
export const streamEventSchema: v.GenericSchema<StreamEvent> = v.object({
  delta: v.exactOptional(text),
  session_id: text,
  run_id: v.exactOptional(text),
  status,
  done: v.boolean(),
  response: v.exactOptional(text),
  activity: v.exactOptional(activitySchema),
  approval: v.exactOptional(approvalSchema),
  metadata: v.exactOptional(
    v.object({ query_length: v.exactOptional(text), processed_at: v.exactOptional(time), model_used: v.exactOptional(text) }),
  ),
  error: v.exactOptional(error),
  usage: v.exactOptional(usage),
});

/** Answer of `POST /api/v1/approvals/{id}`. */
export const approvalAnswerResponseSchema: v.GenericSchema<ApprovalAnswerResponse> = v.object({
  status: v.picklist(['accepted', 'already-answered', 'expired']),
  run_id: text,
  session_id: text,
  error: v.exactOptional(error),
});

/** Answer of `GET /api/v1/health`. */
export const healthSchema: v.GenericSchema<HealthResponse> = v.object({
  status: v.picklist(['healthy', 'draining']),
  version: text,
  timestamp: time,
});

/** Answer of `GET /api/v1/models`. */
export const modelsSchema: v.GenericSchema<ModelsResponse> = v.object({
  models: v.array(text),
  current: text,
  provider: text,
  metadata: v.object({ default_provider: text, supports_tools: text }),
  timestamp: time,
});

/** Answer of `GET /api/v1/status`. */
export const statusSchema: v.GenericSchema<StatusResponse> = v.object({
  status: v.picklist(['running', 'draining']),
  timestamp: time,
  uptime: v.pipe(text, v.regex(/^(\d+h)?(\d+m)?\d+(\.\d+)?s$/)),
  agent: text,
  tools: v.picklist(['available', 'unavailable']),
  mcp_client: v.picklist(['enabled', 'disabled']),
  version: text,
  provider: text,
  model: text,
  mcp_servers: v.exactOptional(v.array(v.object({ name: text, state: text, tools: v.number(), error: v.exactOptional(text) }))),
  runs: v.exactOptional(v.object({ active: v.number(), queued: v.number() })),
  user: v.exactOptional(v.object({ name: text, scopes: v.exactOptional(v.array(text)) })),
});

/** Answer of `GET /api/v1/tools`. */
export const toolsSchema: v.GenericSchema<ToolsResponse> = v.object({
  tools: v.array(v.object({ name: text, description: text, source: text })),
  timestamp: time,
});

/** Answer of `GET /api/v1/contexts`. */
export const contextsSchema: v.GenericSchema<ContextsResponse> = v.object({
  contexts: v.array(v.object({ name: text, current: v.boolean(), namespace: v.exactOptional(text) })),
  timestamp: time,
});

/** Answer of `GET /api/v1/namespaces`. */
export const namespacesSchema: v.GenericSchema<NamespacesResponse> = v.object({ namespaces: v.array(text), timestamp: time });

const sessionEntries = {
  id: text,
  title: text,
  status: v.picklist(['idle', 'running', 'awaiting_approval']),
  created_at: time,
  updated_at: time,
  role: v.picklist(['owner', 'approver', 'viewer']),
  owner: v.exactOptional(text),
  open_run: v.exactOptional(text),
  viewers: v.exactOptional(v.array(text)),
  approvers: v.exactOptional(v.array(text)),
};

/** A session in a list, and the answer of a change. */
export const sessionSummarySchema: v.GenericSchema<WireSession> = v.object(sessionEntries);

/** Answer of `GET /api/v1/sessions`. */
export const sessionsSchema: v.GenericSchema<SessionsResponse> = v.object({
  sessions: v.array(v.object(sessionEntries)),
  timestamp: time,
});

/** Answer of `GET /api/v1/sessions/{id}`. */
export const sessionSchema: v.GenericSchema<SessionResponse> = v.object({
  ...sessionEntries,
  exchanges: v.array(
    v.object({
      run_id: text,
      query: text,
      status,
      response: text,
      started_at: time,
      ended_at: v.exactOptional(time),
      tools: v.array(
        v.object({
          call_id: text,
          tool: text,
          command: text,
          effect: v.exactOptional(text),
          outcome: text,
          is_error: v.boolean(),
          duration_ms: v.number(),
          exit_code: v.exactOptional(v.number()),
          output: v.exactOptional(text),
          answer: v.exactOptional(v.object({ decision: text, by: v.exactOptional(text) })),
          grant_id: v.exactOptional(text),
        }),
      ),
      steps: v.array(
        v.variant('type', [v.object({ type: v.literal('text'), text }), v.object({ type: v.literal('tool'), call_id: text })]),
      ),
      usage: v.exactOptional(usage),
      target: v.exactOptional(targetSchema),
      error: v.exactOptional(error),
    }),
  ),
  cursor,
  open_cursor: v.exactOptional(cursor),
  approval: v.exactOptional(approvalSchema),
  grants: v.exactOptional(v.array(givenGrantSchema)),
});

/** Answer of `GET /api/v1/sessions/{id}/outputs/{output}`. */
export const outputSchema: v.GenericSchema<OutputResponse> = v.object({
  text,
  from: v.number(),
  lines: v.number(),
  total: v.number(),
});

/** Body of every failure. */
export const errorSchema: v.GenericSchema<ErrorResponseBody> = v.object({ error, status: v.literal('error'), timestamp: time });

/** Whether everything is stopped. */
export const killSwitchStateSchema: v.GenericSchema<{ readonly active: boolean; readonly reason?: string; readonly timestamp: string }> =
  v.object({ active: v.boolean(), reason: v.exactOptional(text), timestamp: time });
