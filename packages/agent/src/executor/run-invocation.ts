import { createAbortRace } from '../async/abort-race.ts';
import { defined } from '../defined.ts';
import { captureOutput, type CapturedOutput } from '../output/capture.ts';
import type { OutputSink } from '../output-store.ts';
import { stopOf } from '../drive/stop.ts';
import { wordsOf } from '../text.ts';
import type { ToolChunk, ToolContext, ToolEnd, ToolInvocation } from '../tool.ts';
import { type Asking, askDuring } from './question.ts';
import type { CallResult, ExecutionScope } from './scope.ts';

const defaultTimeoutMs = 60_000;
const maxTimeoutMs = 600_000;
/** How long a cancelled tool may take to stop before the run goes on without it. */
const cancelGraceMs = 500;
/** How long a tool may take to stop at its time limit: TERM, KILL after 5 s. */
const timeoutGraceMs = 6_000;

type End =
  | { readonly type: 'ended'; readonly end: ToolEnd | undefined }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'stopped' };

/** Runs a call that may run, and nothing else does: to its end, its time limit or the signal. */
export async function runInvocation(
  invocation: ToolInvocation,
  { callId, tool, approveBy }: Pick<Asking, 'callId' | 'tool' | 'approveBy'>,
  scope: ExecutionScope,
): Promise<CallResult> {
  const startedAt = scope.clock.now();
  const timeoutMs = Math.max(1, Math.min(invocation.timeoutMs ?? defaultTimeoutMs, maxTimeoutMs, scope.remainingMs?.() ?? maxTimeoutMs));
  const limit = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([scope.signal, limit.signal]);
  void scope.clock.sleep(timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) limit.abort(new DOMException(`no end within ${timeoutMs / 1_000} s`, 'TimeoutError'));
  });
  const redactor = invocation.secretOutput === true ? scope.redactor.secretMode() : scope.redactor;
  // The place of the output is made while the tool starts.
  const capturing = openSink(invocation, scope).then(({ sink, warning }) => ({
    capture: captureOutput({ sink, redactor, budgetTokens: scope.resultTokens, ...defined({ sha256: scope.sha256 }) }),
    warning,
  }));
  try {
    const end = await consume();
    const { capture, warning } = await capturing;
    return finish(end, await capture.close(), warning);
  } finally {
    done.abort();
  }

  async function consume(): Promise<End> {
    let iterator: AsyncIterator<ToolChunk> | undefined;
    const abort = createAbortRace(signal);
    try {
      const target = await abort.race(scope.openTarget());
      const context: ToolContext = {
        callId,
        signal,
        timeoutMs,
        outputs: scope.outputs.reader(scope.session),
        ...defined({ target }),
        ...(invocation.effect === 'read' ? {} : { ask: askDuring({ callId, tool, approveBy, invocation, signal }, scope) }),
      };
      iterator = invocation.run(context)[Symbol.asyncIterator]();
      let end: ToolEnd | undefined;
      for (;;) {
        const next = await abort.race(iterator.next());
        if (next.done === true) return { type: 'ended', end };
        const chunk = next.value;
        if (chunk.type === 'output') await (await capturing).capture.write(chunk.stream, chunk.text);
        else if (chunk.type === 'progress') scope.journal.progress(callId, scope.redactor.text(chunk.message));
        else end = chunk;
      }
    } catch (error) {
      if (iterator !== undefined) await stop(iterator);
      return signal.aborted ? { type: 'stopped' } : { type: 'failed', error };
    } finally {
      abort.leave();
    }
  }

  /** Lets the tool clean up; what takes longer than the grace is handed on. */
  async function stop(iterator: AsyncIterator<ToolChunk>): Promise<void> {
    const returned = Promise.resolve(iterator.return?.()).catch(() => undefined); // its failure was or will be told
    const over = new AbortController();
    const graceMs = scope.signal.aborted ? cancelGraceMs : timeoutGraceMs;
    const cancelled = new Promise<void>((resolve) => {
      scope.signal.addEventListener('abort', () => void scope.clock.sleep(cancelGraceMs, over.signal).then(resolve), {
        once: true,
        signal: over.signal,
      });
    });
    const inTime = await Promise.race([
      returned.then(() => true),
      scope.clock.sleep(graceMs, over.signal).then(() => false),
      cancelled.then(() => false),
    ]);
    over.abort();
    if (!inTime) scope.leftover?.(returned);
  }

  function finish(end: End, output: CapturedOutput, warning: string | undefined): CallResult {
    const facts = {
      effect: invocation.effect,
      summary: scope.redactor.text(invocation.summary),
      durationMs: scope.clock.now() - startedAt,
      outputBytes: output.bytes,
      outputHash: output.sha256,
      ...defined({ output: output.info?.ref }),
    };
    const say = (...notes: readonly (string | undefined)[]): string => words(output.content, [...notes, warning], scope);
    if (end.type === 'stopped') {
      const late = !scope.signal.aborted;
      const effect = invocation.effect === 'read' ? '' : '; it may have had an effect: look before it is tried again';
      const outcome = late ? 'timeout' : stopOf(scope.signal.reason) === 'cancelled' ? 'cancelled' : 'interrupted';
      const note = late ? `stopped at its time limit of ${timeoutMs / 1_000} s` : `${outcome} while it ran`;
      return { ...facts, outcome, isError: true, content: say(note + effect) };
    }
    if (end.type === 'failed') return { ...facts, outcome: 'failed', isError: true, content: say(wordsOf(end.error)) };
    if (end.end === undefined) return { ...facts, outcome: 'failed', isError: true, content: say('the tool ended without a result') };
    const { isError, exitCode, note } = end.end;
    const code = exitCode === undefined || exitCode === 0 ? undefined : `exit code ${exitCode}`;
    return { ...facts, outcome: 'ran', isError, content: say(code, note), ...defined({ exitCode }) };
  }
}

function words(content: string, notes: readonly (string | undefined)[], { redactor }: ExecutionScope): string {
  const said = notes.filter((note) => note !== undefined && note !== '').map((note) => redactor.text(note ?? ''));
  const parts = [content.replace(/\n+$/, ''), ...said].filter((part) => part !== '');
  return parts.length === 0 ? '(no output)' : parts.join('\n');
}

async function openSink(
  invocation: ToolInvocation,
  scope: ExecutionScope,
): Promise<{ readonly sink: OutputSink | undefined; readonly warning?: string }> {
  if (invocation.keepOutput === false) return { sink: undefined };
  try {
    return { sink: await scope.outputs.write(scope.session) };
  } catch (error) {
    return { sink: undefined, warning: `(the full output could not be kept: ${wordsOf(error)})` };
  }
}
