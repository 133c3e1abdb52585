import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { OutputResponse } from '@kw/sdk-js';
import type { Given } from '../state/grants.ts';
import type { ToolStep } from '../state/steps.ts';
import { failureText, toWireError } from '../text/failure.ts';
import { byGrantText } from '../text/grant-label.ts';
import { visible } from '../text/visible.ts';
import type { Messages } from '../text/messages.ts';
import { useWords } from './words.tsx';

/** Reads lines of a kept output. */
export type ReadOutput = (output: string, from: number) => Promise<OutputResponse>;

interface ToolCardProps {
  readonly step: ToolStep;
  /** What is said while a question about a call waits for a person. */
  readonly waits: string | undefined;
  /** What was granted in the session. */
  readonly grants: readonly Given[];
  readonly readOutput: ReadOutput;
}

/** One call of a tool: a line, and its output on demand. */
export function ToolCard({ step, waits, grants, readOutput }: ToolCardProps): JSX.Element {
  const words = useWords();
  const { outcome, effect, durationMs, exitCode, grantId } = step;
  const granted = grants.find(({ id }) => id === grantId);
  const state = outcome === undefined ? 'running' : outcome === 'ran' && step.isError !== true ? 'done' : 'failed';
  const [opened, setOpened] = useState(false);
  const failed = exitCode !== undefined && exitCode !== 0 ? `exit ${exitCode}` : (words.outcomes[outcome ?? ''] ?? outcome ?? '');
  return (
    <details class={`tool ${state}`} onToggle={({ currentTarget }) => setOpened(opened || currentTarget.open)}>
      <summary>
        <span class="mark" aria-hidden="true">
          {{ running: '…', done: '✓', failed: '✗' }[state]}
        </span>
        <code class="command">{visible(step.command)}</code>
        {effect !== undefined && effect !== 'read' && <span class={`effect ${effect}`}>{words.effects[effect] ?? effect}</span>}
        <span class="facts">
          {state === 'running'
            ? (waits ?? (step.progress === undefined ? words.running : visible(step.progress)))
            : state === 'failed'
              ? failed
              : (words.outcomes['ran'] ?? '')}
          {step.answer !== undefined && ` · ${answerText(step.answer, words)}`}
          {grantId !== undefined && (
            <>
              {' · '}
              <span class="granted">{words.byGrant(undefined)}</span>
            </>
          )}
          {durationMs !== undefined && ` · ${(durationMs / 1000).toFixed(1)} s`}
        </span>
      </summary>
      {opened && granted !== undefined && <p class="facts">{byGrantText(granted, words)}</p>}
      {opened && <Output step={step} readOutput={readOutput} />}
    </details>
  );
}

function answerText({ decision, by }: NonNullable<ToolStep['answer']>, words: Messages): string {
  return by === undefined ? words.answered[decision] : words.answeredBy(words.answered[decision], visible(by));
}

function Output({ step, readOutput }: { readonly step: ToolStep; readonly readOutput: ReadOutput }): JSX.Element {
  const words = useWords();
  const [read, setRead] = useState<OutputResponse>();
  const [problem, setProblem] = useState<string>();
  const more = (): void => {
    if (step.output === undefined) return;
    readOutput(step.output, read === undefined ? 1 : read.from + read.lines).then(
      (next) =>
        setRead(
          read === undefined ? next : { ...next, text: `${read.text}\n${next.text}`, from: read.from, lines: read.lines + next.lines },
        ),
      (error: unknown) => setProblem(failureText(toWireError(error), words)),
    );
  };
  // What a conversation was loaded with has no output, and that of a live one is as the model got it.
  useEffect(more, [step.output]);
  const text = read?.text ?? step.content ?? '';
  const hasMore = read !== undefined && read.from + read.lines <= read.total;
  return (
    <div class="output">
      <pre tabIndex={0} role="region" aria-label={words.output}>
        {text}
      </pre>
      {read !== undefined && hasMore && <p class="facts">{words.lines(read.from, read.from + read.lines - 1, read.total)}</p>}
      {problem !== undefined && <p role="alert">{words.failed(problem)}</p>}
      {hasMore && (
        <button type="button" class="quiet" onClick={more}>
          {words.wholeOutput}
        </button>
      )}
    </div>
  );
}
