import { KwError } from '@kw/agent';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import { runAndShow } from './ask.ts';
import type { RuntimeContext } from './context.ts';

/** Goes on with what is open in a session (by default the latest one that has something open): its question, or what a crash cut. */
export async function resume({ words: [session], runtime, messages, ...at }: RuntimeContext): Promise<number> {
  const chosen = session ?? (await runtime.latestSession());
  if (chosen === undefined) {
    at.counter.view.say(messages.noSessions);
    return exitCodes.answered;
  }
  const open = await runtime.openRun(chosen);
  if (open === 'unknown-session') throw new KwError('bad-usage', messages.unknownSession(chosen));
  if (open === undefined) {
    at.counter.view.say(messages.nothingToResume(chosen));
    return exitCodes.answered;
  }
  if (await runtime.isBusy(chosen)) {
    at.counter.view.say(messages.sessionIsBusy(chosen));
    await untilFree(chosen, runtime, at.host);
  }
  return runAndShow({ type: 'resume', run: open }, runtime, at);
}

/** A killed process holds its session for at most so long; who holds it longer is alive. */
const longestLeaseMs = 30_000;
const lookMs = 500;

/** Waits until no other process has a session. Throws KwError `session-busy` where one that lives keeps it. */
export async function untilFree(session: string, runtime: Runtime, { interrupt, monotonic }: CliHost): Promise<void> {
  const until = monotonic() + longestLeaseMs + lookMs;
  do {
    await sleep(lookMs, undefined, { signal: interrupt });
    if (!(await runtime.isBusy(session))) return;
  } while (monotonic() < until);
  throw new KwError('session-busy', messagesIn(runtime.config.language).sessionStaysBusy(session));
}
