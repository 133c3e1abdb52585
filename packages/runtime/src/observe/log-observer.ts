import type { Entry, RunOutcome, Usage } from '@kw/agent';
import type { Logger, LogLevel, LogValue } from './logger.ts';
import type { Observer } from './observer.ts';

type Fields = Readonly<Record<string, LogValue>>;
type Line = readonly [level: LogLevel, fields: Fields];

/** Writes what happens to the log: names, sizes, times and decisions, never what was said or printed. */
export function logObserver(logger: Logger): Observer {
  return {
    entry: (session, { seq, entry }) => {
      const [level, fields] = lineOf(entry);
      logger.log(level, entry.type, { session, run: entry.runId, seq, ...fields });
    },
    request: ({ usage, ...request }) =>
      logger.log(request.failure === undefined ? 2 : 0, 'model-request', { ...request, ...tokensOf(usage) }),
    exchange: (exchange) => logger.log(4, 'http', { ...exchange }),
    close: () => logger.close(),
  };
}

function lineOf(entry: Entry): Line {
  switch (entry.type) {
    case 'run-start': {
      const { model, policy, approvals } = entry.settings;
      const cluster = entry.target === undefined ? {} : { server: entry.target.server, context: entry.target.context };
      return [1, { model: `${model.provider}/${model.id}`, permissions: policy.mode, approvals, ...cluster }];
    }
    case 'assistant-message': {
      const calls = entry.message.content.filter((part) => part.type === 'tool-call').length;
      return [1, { turn: entry.turn, finish: entry.finish, calls, modelUsed: entry.modelUsed, ...tokensOf(entry.usage) }];
    }
    case 'tool-intent':
      return [
        2,
        {
          call: entry.callId,
          tool: entry.tool,
          effect: entry.effect,
          traits: entry.traits,
          command: entry.summary,
          decision: entry.decidedBy,
        },
      ];
    case 'tool-result': {
      const { message, outcome, effect, exitCode, durationMs, outputBytes } = entry;
      return [2, { call: message.callId, tool: message.name, outcome, effect, exitCode, durationMs: Math.round(durationMs), outputBytes }];
    }
    case 'approval-request':
      return [1, { approval: entry.request.approvalId, tool: entry.request.tool, effect: entry.request.effect }];
    case 'approval-response':
      return [1, { approval: entry.response.approvalId, decision: entry.response.decision }];
    case 'message-discarded':
      return [1, { code: entry.code, reason: entry.reason }];
    case 'retry':
      return [0, { attempt: entry.attempt, delayMs: Math.round(entry.delayMs), code: entry.code, message: entry.message }];
    case 'run-parked':
      return [1, { approval: entry.approvalId }];
    case 'run-resumed':
      return [1, { because: entry.because }];
    case 'cancel-request':
      return [1, { reason: entry.reason }];
    case 'run-end':
      return [entry.outcome.type === 'failed' ? 0 : 1, { ...outcomeOf(entry.outcome), turns: entry.turns, ...tokensOf(entry.usage) }];
    default:
      return [4, {}];
  }
}

function outcomeOf(outcome: RunOutcome): Fields {
  switch (outcome.type) {
    case 'completed':
      return { outcome: 'completed' };
    case 'limit':
      return { outcome: 'limit', limit: outcome.limit };
    case 'cancelled':
      return { outcome: 'cancelled', reason: outcome.reason };
    case 'failed':
      return { outcome: 'failed', code: outcome.code, message: outcome.message };
  }
}

function tokensOf(usage: Usage | undefined): Fields {
  return usage === undefined
    ? {}
    : { input: usage.inputTokens, output: usage.outputTokens, ...(usage.estimated === true ? { estimated: true } : {}) };
}
