import { isSessionId } from '@kw/agent';
import type { ApprovalAnswerBody, ChatRequestBody, SessionPatchBody } from '@kw/sdk-js';
import * as v from 'valibot';
import type { ApiError } from './api-error.ts';

const sessionRule = 'session_id must be 1 to 64 letters, digits, "_" or "-"';

// Clients may send null for what is optional.
type Lenient<T> = T extends object
  ? { readonly [K in keyof T]: Record<never, never> extends Pick<T, K> ? Lenient<T[K]> | null | undefined : Lenient<T[K]> }
  : T;

/** A question, typed by the contract: a drift between it and the schema does not compile. */
export type ChatInput = Lenient<ChatRequestBody>;

/** An answer to a question. */
export type ApprovalAnswerInput = Lenient<ApprovalAnswerBody>;

/** Body of a question. What is not known is ignored. */
export const chatRequestSchema: v.GenericSchema<ChatInput> = v.object({
  query: v.pipe(v.string('query must be a string'), v.regex(/\S/, 'query must not be empty')),
  session_id: v.nullish(
    v.pipe(
      v.string('session_id must be a string or null'),
      v.regex(/^[A-Za-z0-9_-]{1,64}$/, sessionRule),
      v.check(isSessionId, sessionRule),
    ),
  ),
  context: v.nullish(
    v.object(
      {
        namespace: v.nullish(
          v.pipe(
            v.string('context.namespace must be a string'),
            v.regex(/^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)?$/, 'context.namespace must be the name of a namespace'),
          ),
        ),
        cluster: v.nullish(v.pipe(v.string('context.cluster must be a string'), v.maxLength(512, 'context.cluster is too long'))),
      },
      'context must be an object',
    ),
  ),
  stream: v.nullish(v.boolean('stream must be true or false')),
  supersede: v.nullish(v.boolean('supersede must be true or false')),
});

/** Body of an answer to a question. */
export const approvalAnswerSchema: v.GenericSchema<ApprovalAnswerInput> = v.object({
  decision: v.picklist(['approve', 'deny'], 'decision must be "approve" or "deny"'),
  grant: v.nullish(v.picklist(['exact', 'similar'], 'grant must be "exact" or "similar"')),
  reason: v.nullish(v.pipe(v.string('reason must be a string'), v.maxLength(4000, 'reason is too long'))),
});

/** Body of a change of a session. */
const person = v.pipe(
  v.string('a person must be a string'),
  v.trim(),
  v.minLength(1, 'a person must not be empty'),
  v.maxLength(512, 'a person is too long'),
);

export const sessionPatchSchema: v.GenericSchema<Lenient<SessionPatchBody>> = v.object({
  title: v.nullish(
    v.pipe(v.string('title must be a string'), v.regex(/\S/, 'title must not be empty'), v.maxLength(1000, 'title is too long')),
  ),
  viewers: v.nullish(v.pipe(v.array(person, 'viewers must be a list'), v.maxLength(100, 'there are too many viewers'))),
  approvers: v.nullish(v.pipe(v.array(person, 'approvers must be a list'), v.maxLength(100, 'there are too many approvers'))),
});

/** Body of a wish to cancel; it may be empty. */
export const cancelSchema: v.GenericSchema<{ readonly reason?: string | null | undefined }> = v.object({
  reason: v.nullish(v.pipe(v.string('reason must be a string'), v.maxLength(1000, 'reason is too long'))),
});

/** Body of a wish to stop everything, or to let it go on. */
export const killSwitchSchema: v.GenericSchema<{ readonly active: boolean; readonly reason?: string | null | undefined }> = v.object({
  active: v.boolean('active must be true or false'),
  reason: v.nullish(v.pipe(v.string('reason must be a string'), v.maxLength(400, 'reason is too long'))),
});

/** Judges a body by its schema. */
export function parseBody<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): { readonly output: v.InferOutput<S> } | { readonly error: ApiError } {
  const list = listInPlaceOfObject(schema, value);
  if (list !== undefined) return { error: { status: 400, code: 'bad-request', message: `${list} must be an object, not a list.` } };
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { output: result.output };
  const [issue] = result.issues;
  const path = issue?.path?.map(({ key }) => String(key)).join('.') ?? '';
  const missing = issue?.received === 'undefined' && path !== '';
  const message = missing
    ? `${path} is missing`
    : path === ''
      ? 'The body must be a JSON object'
      : (issue?.message ?? 'The body is not right');
  return { error: { status: 400, code: 'bad-request', message: `${message}.`, ...(missing && { details: { missing: path } }) } };
}

/** The field that holds a list where an object belongs: a schema of an object takes both. */
function listInPlaceOfObject(schema: v.GenericSchema, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('entries' in schema) || typeof schema.entries !== 'object')
    return undefined;
  const places: readonly (readonly [string, unknown])[] = Object.entries(schema.entries ?? {});
  return places.find(([key, entry]) => isObjectSchema(entry) && Array.isArray(Reflect.get(value, key)))?.[0];
}

function isObjectSchema(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Reflect.get(schema, 'type') === 'object' || isObjectSchema(Reflect.get(schema, 'wrapped'));
}
