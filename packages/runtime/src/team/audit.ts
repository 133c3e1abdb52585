import type { Entry, Principal, RunTarget } from '@kw/agent';
import type { RunPlace } from './run-places.ts';

/** Takes lines that must not be lost. */
export interface AuditSink {
  /** Throws where the line could not be made durable. */
  write(line: string): void;
  close(): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** What an entry is to an audit, as fields beside time and type; undefined where it is nothing. */
export function auditRecord(session: string, entry: Entry, place: RunPlace | undefined): Fields | undefined {
  const run = { session, run: entry.runId };
  const by = place === undefined ? {} : { by: who(place.by) };
  const cluster = place?.target === undefined ? {} : { cluster: where(place.target) };
  switch (entry.type) {
    case 'run-start':
      return {
        type: 'question',
        ...run,
        by: who(entry.by),
        ...(entry.target !== undefined && { cluster: where(entry.target) }),
        model: `${entry.settings.model.provider}/${entry.settings.model.id}`,
        permissions: entry.settings.policy.mode,
      };
    case 'tool-intent': {
      const { callId, tool, summary, effect, traits, reasons, decidedBy, approvalId, grantId, fingerprint } = entry;
      const decision = {
        decision: decidedBy,
        ...(approvalId !== undefined && { approval: approvalId }),
        ...(grantId !== undefined && { grant: grantId }),
      };
      return {
        type: 'intent',
        ...run,
        ...by,
        ...cluster,
        call: callId,
        tool,
        command: summary,
        effect,
        traits,
        reasons,
        ...decision,
        fingerprint,
      };
    }
    case 'tool-result': {
      const { message, outcome, effect, exitCode, durationMs, outputBytes, outputHash } = entry;
      return {
        type: 'result',
        ...run,
        ...by,
        ...cluster,
        call: message.callId,
        tool: message.name,
        outcome,
        ...(effect !== undefined && { effect }),
        ...(exitCode !== undefined && { exit_code: exitCode }),
        duration_ms: Math.round(durationMs),
        ...(outputBytes !== undefined && { output_bytes: outputBytes }),
        ...(outputHash !== undefined && { output_sha256: outputHash }),
      };
    }
    case 'approval-request': {
      const { approvalId, callId, tool, summary, effect, reasons, question } = entry.request;
      return {
        type: 'approval-request',
        ...run,
        ...by,
        ...cluster,
        approval: approvalId,
        call: callId,
        tool,
        command: summary,
        // What a running call wanted to know is not what it does.
        ...(question === true && { question }),
        effect,
        reasons,
      };
    }
    case 'approval-response': {
      const { approvalId, decision, by: decider, reason, grant } = entry.response;
      return {
        type: 'decision',
        ...run,
        approval: approvalId,
        decision,
        ...(decider !== undefined && { by: who(decider) }),
        ...(reason !== undefined && { reason }),
        ...(grant !== undefined && { grant }),
      };
    }
    case 'grant-revoked':
      return { type: 'grant-revoked', ...run, grant: entry.grantId, by: who(entry.by) };
    case 'cancel-request':
      return { type: 'cancel', ...run, by: who(entry.by), reason: entry.reason };
    case 'run-end':
      return { type: 'end', ...run, ...by, outcome: entry.outcome.type, turns: entry.turns };
    default:
      return undefined;
  }
}

/** A person, for machines and people. */
export function who({ issuer, subject, name }: Principal): Fields {
  return { issuer, subject, ...(name !== undefined && { name }) };
}

function where({ server, context, user, as, namespace }: RunTarget): Fields {
  return { server, context, user, ...(as !== undefined && { as }), ...(namespace !== undefined && { namespace }) };
}
