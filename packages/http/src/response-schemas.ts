import type {
  ApprovalAnswerResponse,
  ChatResponseBody,
  ErrorResponseBody,
  HealthResponse,
  ModelsResponse,
  RunResponseBody,
  StreamEvent,
  WireActivity,
  WireApproval,
  WireCursor,
} from '@kw/sdk-js';
import * as v from 'valibot';

// The schemas of what the API sends, for its description and for tests; typed by the contract, so that a drift does not compile.

const text = v.string();
const time = v.pipe(v.string(), v.isoTimestamp());
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- proved by the pattern
const cursor = v.pipe(v.string(), v.regex(/^\d+:\d+$/)) as v.GenericSchema<WireCursor>;
const status = v.picklist(['processing', 'completed', 'awaiting_approval', 'limit', 'cancelled', 'error']);
const error = v.object({ code: text, message: text });
const metadata = v.object({ query_length: v.pipe(text, v.digits()), processed_at: time, model_used: v.exactOptional(text) });

/** A question that waits for a person. */
const approvalSchema: v.GenericSchema<WireApproval> = v.object({
  id: text,
  tool: text,
  command: text,
  effect: v.picklist(['read', 'write', 'dangerous', 'unknown']),
  traits: v.array(text),
  reasons: v.array(text),
  target: v.exactOptional(v.object({ context: text, server: text, namespace: v.exactOptional(text), user: text })),
  preview: v.exactOptional(
    v.object({
      objects: v.array(
        v.object({
          action: v.picklist(['create', 'update', 'delete', 'unchanged']),
          kind: text,
          api_version: text,
          namespace: v.exactOptional(text),
          name: text,
          fields: v.array(v.object({ path: text, before: v.exactOptional(v.unknown()), after: v.exactOptional(v.unknown()) })),
        }),
      ),
      more: v.exactOptional(v.number()),
      warnings: v.array(text),
      unavailable: v.exactOptional(text),
    }),
  ),
  expires_at: time,
  asked_again: v.exactOptional(text),
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
  v.object({ type: v.literal('tool-start'), ...call, command: text, effect: text }),
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
  v.object({ type: v.literal('approval-response'), approval_id: text, decision: text, reason: v.exactOptional(text) }),
  v.object({ type: v.literal('retry'), attempt: v.number(), delay_ms: v.number(), message: text }),
  v.object({ type: v.literal('run-resumed'), because: text }),
  v.object({ type: v.picklist(['run-start', 'turn-end']) }),
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

/** Body of every failure. */
export const errorSchema: v.GenericSchema<ErrorResponseBody> = v.object({ error, status: v.literal('error'), timestamp: time });
