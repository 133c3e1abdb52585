import { type ChatModel, KwError } from '@kw/providers';
import { systemClock } from './clock.ts';
import { defined } from './defined.ts';
import type { RunLimits, RunSettings } from './entry.ts';
import type { AgentEvent } from './event.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';
import { createRuns, type RunsOptions } from './runs/create-runs.ts';
import type { RunInput, RunRef, Runs } from './runs.ts';

/** What an agent is made of; everything but model and tools has a default. */
export interface AgentOptions extends Omit<RunsOptions, 'models' | 'settings'> {
  readonly model: ChatModel;
  /** Default: reads are allowed, writes are asked for. */
  readonly policy?: Policy;
  readonly limits?: { readonly [K in keyof RunLimits]?: RunLimits[K] };
  /** BCP 47 tag of the language to answer in; default that of the question. */
  readonly language?: string;
  /** In whose name it acts. Default the user of this process. */
  readonly principal?: Principal;
}

/** What may accompany a question. */
export interface AskOptions extends Omit<RunInput, 'text'> {
  readonly signal?: AbortSignal;
}

/** An agent in this process. */
export interface Agent {
  /** The answer; where a limit was met, the best so far. Throws KwError: the run's failure, `cancelled`, or why it could not start. */
  ask(input: string, options?: AskOptions): Promise<string>;
  /** Starts a run, drives it here and gives its events. A failed run ends with its event, never with an exception. Leaving the loop cancels the run. */
  run(input: string, options?: AskOptions): AsyncIterable<AgentEvent>;
  readonly runs: Runs;
}

/** The user of this process. */
export const localPrincipal: Principal = { issuer: 'local', subject: 'user' };

/** Makes an agent. Without `approve` nobody is asked, so nothing that needs an approval runs. */
export function createAgent(options: AgentOptions): Agent {
  const { model, policy, limits, language, principal = localPrincipal, ...rest } = options;
  const approvals: RunSettings['approvals'] = options.approve === undefined ? 'none' : 'ask';
  const settings = { model: { provider: model.provider, id: model.id }, approvals, ...defined({ policy, limits, language }) };
  const runs = createRuns({ approvalWaitMs: Number.POSITIVE_INFINITY, ...rest, models: () => model, settings });
  return {
    runs,
    run: (text, asked = {}) => runHere(runs, principal, { text, ...asked }),
    ask: async (text, asked = {}) => {
      for await (const event of runHere(runs, principal, { text, ...asked })) if (event.type === 'run-end') return answerOf(event);
      throw new KwError('cancelled', 'the run was left before its end');
    },
  };
}

function answerOf({ outcome }: Extract<AgentEvent, { type: 'run-end' }>): string {
  switch (outcome.type) {
    case 'completed':
    case 'limit':
      return outcome.answer;
    case 'cancelled':
      throw new KwError('cancelled', outcome.reason);
    case 'failed':
      throw new KwError(outcome.code, outcome.message);
  }
}

async function* runHere(
  runs: Runs,
  by: Principal,
  { signal, ...input }: RunInput & { readonly signal?: AbortSignal },
): AsyncGenerator<AgentEvent, void> {
  signal?.throwIfAborted();
  const ref = await runs.start(input, by);
  const done = new AbortController();
  const failed = new AbortController();
  const cancel = (): void => void runs.cancel(ref, by, 'the caller left').catch((error: unknown) => failed.abort(error));
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  const driving = driveToEnd(runs, ref, done.signal).catch((error: unknown) => failed.abort(error));
  let ended = false;
  try {
    for await (const event of runs.follow(ref, { signal: failed.signal })) {
      ended = event.type === 'run-end';
      yield event;
    }
    if (failed.signal.aborted) throw failed.signal.reason;
  } finally {
    signal?.removeEventListener('abort', cancel);
    if (!ended && !failed.signal.aborted) await runs.cancel(ref, by, 'the caller left');
    if (failed.signal.aborted) done.abort();
    await driving;
    done.abort();
  }
}

/** A question that nobody answered while it was waited for parks the run; here it is taken up again as soon as it can be. */
async function driveToEnd(runs: Runs, ref: RunRef, signal: AbortSignal): Promise<void> {
  for (;;) {
    await runs.driveSession(ref.session, signal);
    const state = await runs.state(ref);
    if (signal.aborted || state === undefined || state.status === 'ended') return;
    await systemClock.sleep(parkedLookMs, signal);
  }
}

const parkedLookMs = 200;
