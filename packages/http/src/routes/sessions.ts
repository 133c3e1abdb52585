import { isSessionId, KwError, type RunState, toCursor } from '@kw/agent';
import type { OutputResponse, SessionResponse, SessionsResponse } from '@kw/sdk-js';
import type { Context } from 'hono';
import type { ApiError } from '../api-error.ts';
import type { ApiEnv } from '../options.ts';
import { readJson } from '../read-json.ts';
import { parseBody, sessionPatchSchema } from '../schemas.ts';
import { type Handler, readerOf, refuse, rfc3339, type RouteScope } from '../scope.ts';
import type { SessionBook } from '../session-book.ts';
import { toWireExchange, toWireSession } from '../to-wire-session.ts';
import { toWireApproval, toWireGrant } from '../to-wire.ts';

const maxListed = 500;
const defaultListed = 50;
const maxLines = 5_000;
const defaultLines = 500;
/** Characters of one answer: what is longer comes with the next question. */
const maxOutputCharacters = 1_048_576;

const unlisted: ApiError = { status: 404, code: 'not-found', message: 'This server does not list sessions.' };

/** `GET /api/v1/sessions?limit=&search=`. */
export function listSessions(scope: RouteScope): Handler {
  return async (context) => {
    const book = bookOf(scope, context);
    if (book === undefined) return refuse(scope, context, unlisted);
    const limit = countOf(context.req.query('limit'), defaultListed, maxListed);
    if (limit === undefined) return refuse(scope, context, badRequest(`limit must be a number from 1 to ${maxListed}.`));
    const search = context.req.query('search')?.slice(0, 200);
    const sessions = await book.list({ limit, ...(search !== undefined && { search }) });
    return Response.json({
      sessions: sessions.map((session) => toWireSession(session)),
      timestamp: rfc3339(scope.clock()),
    } satisfies SessionsResponse);
  };
}

/** `GET /api/v1/sessions/:id`. */
export function getSession(scope: RouteScope): Handler {
  return async (context) => {
    const found = exactly(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const detail = await found.book.show(found.id);
    const states = await Promise.all(detail.runs.map(({ runId }) => scope.runs.state({ session: detail.id, runId })));
    const open = states.find((state): state is RunState => state !== undefined && state.status !== 'ended');
    const { openApproval } = open ?? {};
    const reader = readerOf(scope, context);
    const { grants = [] } = detail;
    const exchanges = detail.runs.map((run) => toWireExchange(run, reader.language));
    const body: SessionResponse = {
      ...toWireSession(detail, open),
      exchanges: exchanges.map((one) =>
        one.run_id === open?.ref.runId && openApproval !== undefined ? { ...one, status: 'awaiting_approval' } : one,
      ),
      cursor: open?.cursor ?? states.at(-1)?.cursor ?? toCursor({ seq: 0, offset: 0 }),
      ...(open !== undefined && { open_cursor: open.from }),
      ...(openApproval !== undefined && { approval: toWireApproval(openApproval, reader) }),
      ...(grants.length > 0 && { grants: grants.map((grant) => ({ id: grant.grantId, ...toWireGrant(grant) })) }),
    };
    return Response.json(body);
  };
}

/** `PATCH /api/v1/sessions/:id`. */
export function patchSession(scope: RouteScope): Handler {
  return async (context) => {
    const found = exactly(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const body = await readJson(context.req.raw, scope.limits);
    if ('error' in body) return refuse(scope, context, body.error);
    const parsed = parseBody(sessionPatchSchema, body.value);
    if ('error' in parsed) return refuse(scope, context, parsed.error);
    const { title, viewers, approvers } = parsed.output;
    const isShared = Array.isArray(viewers) || Array.isArray(approvers);
    const people = { ...(Array.isArray(viewers) && { viewers }), ...(Array.isArray(approvers) && { approvers }) };
    const shared = isShared ? await found.book.share(found.id, people) : undefined;
    const changed = typeof title === 'string' ? await found.book.rename(found.id, title) : shared;
    if (changed === undefined)
      return refuse(scope, context, badRequest('There is nothing to change: title, viewers and approvers are missing.'));
    return Response.json(toWireSession(changed));
  };
}

/** `DELETE /api/v1/sessions/:id`: with its outputs. */
export function deleteSession(scope: RouteScope): Handler {
  return async (context) => {
    const found = exactly(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    await found.book.delete(found.id);
    return new Response(null, { status: 204 });
  };
}

/** `GET /api/v1/sessions/:id/outputs/:output?from=&lines=`: lines of a tool's kept output. */
export function getOutput(scope: RouteScope): Handler {
  return async (context) => {
    const found = exactly(scope, context);
    if ('refusal' in found) return refuse(scope, context, found.refusal);
    const { id } = await found.book.show(found.id); // throws for somebody else's
    const output = toOutput(context.req.param('output') ?? '');
    const reader = scope.outputs?.reader(id);
    const info = output === undefined ? undefined : await reader?.info(output);
    if (output === undefined || reader === undefined || info === undefined)
      return refuse(scope, context, {
        status: 404,
        code: 'unknown-output',
        message: `The session ${id} has no such output.`,
        details: { id },
      });
    const from = countOf(context.req.query('from'), 1, Number.MAX_SAFE_INTEGER);
    const lines = countOf(context.req.query('lines'), defaultLines, maxLines);
    if (from === undefined || lines === undefined)
      return refuse(scope, context, badRequest(`from must be a line, counted from 1, and lines a number from 1 to ${maxLines}.`));
    const texts: string[] = [];
    let size = 0;
    for await (const { text } of reader.lines(output, { fromLine: from })) {
      if (texts.length >= lines || (texts.length > 0 && size + text.length > maxOutputCharacters)) break;
      texts.push(text.slice(0, maxOutputCharacters));
      size += text.length;
    }
    return Response.json({ text: texts.join('\n'), from, lines: texts.length, total: info.lines } satisfies OutputResponse);
  };
}

function bookOf(scope: RouteScope, context: Context<ApiEnv>): SessionBook | undefined {
  return scope.sessionsOf?.(context.get('principal'));
}

/** The session that a path names, by its whole id only. */
function exactly(
  scope: RouteScope,
  context: Context<ApiEnv>,
): { readonly book: SessionBook; readonly id: string } | { readonly refusal: ApiError } {
  const book = bookOf(scope, context);
  if (book === undefined) return { refusal: unlisted };
  const id = context.req.param('id') ?? '';
  if (!isSessionId(id))
    return {
      refusal: {
        status: 404,
        code: 'unknown-session',
        message: `There is no session ${id.slice(0, 200)}.`,
        details: { id: id.slice(0, 200) },
      },
    };
  return { book: strict(book, id), id };
}

/** A beginning of an id, or `latest`, names no session here: what is deleted must have been named. */
function strict(book: SessionBook, id: string): SessionBook {
  const same = async <T extends { readonly id: string }>(act: () => Promise<T>): Promise<T> => {
    const shown = await book.show(id);
    if (shown.id !== id) throw new KwError('unknown-session', `There is no session ${id}.`, { details: { id } });
    return act();
  };
  return {
    list: (options) => book.list(options),
    show: (name) => same(() => book.show(name)),
    rename: (name, title) => same(() => book.rename(name, title)),
    share: (name, people) => same(() => book.share(name, people)),
    delete: (name) => same(() => book.delete(name)),
  };
}

function toOutput(text: string): `output:${number}` | undefined {
  const match = /^output:(\d{1,9})$/.exec(text);
  return match === null ? undefined : `output:${Number(match[1])}`;
}

function countOf(text: string | undefined, fallback: number, max: number): number | undefined {
  if (text === undefined || text === '') return fallback;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return count >= 1 ? Math.min(count, max) : undefined;
}

function badRequest(message: string): ApiError {
  return { status: 400, code: 'bad-request', message };
}
