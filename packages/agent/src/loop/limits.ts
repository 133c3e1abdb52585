import { toolCallsOf } from '@kw/providers';
import type { LimitName } from '../entry.ts';
import type { RunView } from '../log/view.ts';

/** Wrong calls (not understood, cut, written as text) that are corrected before the run stops. */
const maxCorrections = 3;

/** The limit at which the next request must be the last; undefined where there is none yet. */
export function limitOf(run: RunView, now: number): LimitName | undefined {
  const { limits } = run.start.settings;
  if (run.requests + 1 >= limits.iterations) return 'iterations';
  if (limits.tokens !== undefined && run.usage.inputTokens + run.usage.outputTokens >= limits.tokens) return 'tokens';
  if (limits.cost !== undefined && (run.cost?.amount ?? 0) >= limits.cost) return 'cost';
  if (remainingMs(run, now) <= 0) return 'seconds';
  if (mostEqualCalls(run) >= limits.equalCalls) return 'equal-calls';
  return correctionsOf(run) > maxCorrections ? 'corrections' : undefined;
}

/** Milliseconds of work that the run has left; the time that people took to answer does not count. */
export function remainingMs(run: RunView, now: number): number {
  const { seconds } = run.start.settings.limits;
  return seconds === undefined ? Number.POSITIVE_INFINITY : run.startedAt + seconds * 1_000 + run.waitedMs - now;
}

/** Messages that held the same call, since the last change of anything. Several equal calls in one message count once. */
function mostEqualCalls(run: RunView): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const message of run.messages) {
    const calls = toolCallsOf(message.message);
    const keys = new Set(calls.map((call) => keyOf(call.name, call.arguments)));
    const changed = calls.some((call) => isChange(run, call.id));
    if (changed) for (const key of counts.keys()) if (!keys.has(key)) counts.delete(key);
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    most = Math.max(0, ...counts.values());
  }
  return most;
}

function isChange(run: RunView, callId: string): boolean {
  const result = run.calls.get(callId)?.result;
  return result !== undefined && result.outcome === 'ran' && result.effect !== 'read';
}

function keyOf(name: string, argumentsJson: string): string {
  try {
    return `${name} ${JSON.stringify(JSON.parse(argumentsJson))}`;
  } catch {
    return `${name} ${argumentsJson}`;
  }
}

function correctionsOf(run: RunView): number {
  let turns = 0;
  for (const message of run.messages.toReversed()) {
    const calls = toolCallsOf(message.message);
    if (calls.length === 0 || !calls.every((call) => run.calls.get(call.id)?.result?.outcome === 'not-understood')) break;
    turns += 1;
  }
  return turns + run.voidAnswers + run.said.filter((said) => said.purpose === 'cut-call').length;
}
