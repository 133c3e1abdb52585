import type { AgentEvent, ApprovalRequest, ChangePreview, GrantOffer, Principal, RunOutcome, RunTarget } from '@kw/agent';
import type { ChatStatus, WireActivity, WireApproval, WireError, WireGrantOffer, WireObjectChange, WireTarget } from '@kw/sdk-js';
import type { Language } from './language/language.ts';
import { localize, type Told } from './language/localize.ts';
import type { Reader } from './language/reader.ts';

/** Where and as whom something acts, as it is sent. */
export function toWireTarget({ context, server, user, namespace, as }: RunTarget): WireTarget {
  return { context, server, user, ...(as !== undefined && { as: as.user }), ...(namespace !== undefined && { namespace }) };
}

/** A person as others are told of it. */
export function nameOf({ name, subject }: Principal): string {
  return name ?? subject;
}

/** A question to a person, as it is sent. */
export function toWireApproval(request: ApprovalRequest, { reasonIn }: Reader): WireApproval {
  const { approvalId, tool, summary, question, effect, traits, reasons, target, preview } = request;
  const { expiresAt, approveBy, askedAgain, grants = [], ungranted } = request;
  return {
    id: approvalId,
    tool,
    command: summary,
    ...(question !== undefined && { question }),
    effect,
    traits,
    reasons: reasons.map(reasonIn),
    ...(target !== undefined && { target: toWireTarget(target) }),
    ...(preview !== undefined && { preview: toWirePreview(preview) }),
    expires_at: new Date(expiresAt).toISOString(),
    ...(approveBy !== undefined && { approve_by: approveBy }),
    ...(askedAgain !== undefined && { asked_again: reasonIn(askedAgain) }),
    ...(grants.length > 0 && { grants: grants.map(toWireGrant) }),
    ...(ungranted !== undefined && { ungranted }),
  };
}

/** What may be granted, or was, as it is sent. */
export function toWireGrant({ scope, label, calls }: Omit<GrantOffer, 'key'>): WireGrantOffer {
  return { scope, label, ...(calls !== undefined && { calls }) };
}

/** How a run's end is told in a language, and the best answer there is. */
export function toWireOutcome(
  outcome: RunOutcome,
  language: Language,
): {
  readonly status: ChatStatus;
  readonly response: string;
  readonly error?: { readonly code: string; readonly message: string };
} {
  switch (outcome.type) {
    case 'completed':
      return { status: 'completed', response: outcome.answer };
    case 'limit':
      return {
        status: 'limit',
        response: outcome.answer,
        error: toWireError({ code: `limit-${outcome.limit}`, message: `The run was stopped at its limit of ${outcome.limit}.` }, language),
      };
    case 'cancelled':
      return { status: 'cancelled', response: '', error: toWireError({ code: 'cancelled', message: outcome.reason }, language) };
    case 'failed':
      return { status: 'error', response: outcome.answer ?? '', error: toWireError(outcome, language) };
  }
}

function toWireError({ code, message }: Told, language: Language): WireError {
  return { code, message: localize({ code, message }, language) };
}

/** What an event tells beside text; undefined for those that are told otherwise. */
export function toWireActivity(event: AgentEvent): WireActivity | undefined {
  switch (event.type) {
    case 'run-start':
      return { type: 'run-start', query: event.query, ...(event.target !== undefined && { target: toWireTarget(event.target) }) };
    case 'turn-end':
      return { type: 'turn-end' };
    case 'reasoning-delta':
      return { type: 'reasoning-delta', text: event.text };
    case 'message-discarded':
      return { type: 'message-discarded', reason: event.reason };
    case 'tool-call':
      return { type: 'tool-call', call_id: event.callId, tool: event.tool, arguments: event.arguments };
    case 'tool-start':
      return {
        type: 'tool-start',
        call_id: event.callId,
        tool: event.tool,
        command: event.summary,
        effect: event.effect,
        ...(event.grantId !== undefined && { grant_id: event.grantId }),
      };
    case 'tool-progress':
      return { type: 'tool-progress', call_id: event.callId, message: event.message };
    case 'tool-result':
      return {
        type: 'tool-result',
        call_id: event.callId,
        tool: event.tool,
        outcome: event.outcome,
        is_error: event.isError,
        content: event.content,
        duration_ms: event.durationMs,
        ...(event.exitCode !== undefined && { exit_code: event.exitCode }),
        ...(event.output !== undefined && { output: event.output }),
      };
    case 'approval-response': {
      const { approvalId, decision, reason, grant, by } = event.response;
      return {
        type: 'approval-response',
        approval_id: approvalId,
        decision,
        ...(reason !== undefined && { reason }),
        ...(grant !== undefined && { grant }),
        ...(by !== undefined && { by: nameOf(by) }),
      };
    }
    case 'retry':
      return { type: 'retry', attempt: event.attempt, delay_ms: event.delayMs, message: event.message };
    case 'run-resumed':
      return { type: 'run-resumed', because: event.because };
    case 'context-compacted':
      return { type: 'context-compacted', before: event.before, after: event.after, turns: event.turns };
    case 'notice':
      return { type: 'notice', code: event.code, message: event.message };
    case 'text-delta':
    case 'approval-request':
    case 'run-parked':
    case 'run-end':
      return undefined;
  }
}

function toWirePreview({ objects, more, warnings, unavailable }: ChangePreview): NonNullable<WireApproval['preview']> {
  return {
    objects: objects.map(({ action, kind, apiVersion, namespace, name, fields }): WireObjectChange => ({
      action,
      kind,
      api_version: apiVersion,
      ...(namespace !== undefined && { namespace }),
      name,
      fields,
    })),
    ...(more !== undefined && { more }),
    warnings,
    ...(unavailable !== undefined && { unavailable }),
  };
}
