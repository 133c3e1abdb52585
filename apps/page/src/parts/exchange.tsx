import type { ComponentChildren, FunctionComponent, JSX } from 'preact';
import { memo } from 'preact/compat';
import type { Exchange as ExchangeState, Step } from '../state/chat.ts';
import { Markdown } from '../text/markdown.tsx';
import { ApprovalCard } from './approval-card.tsx';
import type { Answer } from './approval-card.tsx';
import { ToolCard } from './tool-card.tsx';
import type { ReadOutput } from './tool-card.tsx';
import { useWords } from './words.tsx';

interface ExchangeProps {
  readonly exchange: ExchangeState;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
  readonly readOutput: ReadOutput;
}

/** A question, what was done for it, and its answer. */
export const Exchange: FunctionComponent<ExchangeProps> = memo(({ exchange, answer, readOutput }: ExchangeProps): JSX.Element => {
  const words = useWords();
  const { status, error, usage, steps } = exchange;
  const last = steps.at(-1);
  const silent =
    status === 'processing' && (last === undefined || (last.type === 'tool' && last.outcome !== undefined) || last.type === 'notice');
  return (
    <article class="exchange">
      <div class="query">
        <p>{exchange.query}</p>
      </div>
      <div class="answer">
        {steps.map((step, index) => (
          <div key={keyOf(step, index)}>
            {stepView(step, {
              answer,
              readOutput,
              open: status === 'processing' && index === steps.length - 1,
              waits: status === 'awaiting_approval',
              words,
            })}
          </div>
        ))}
        {silent && <p class="busy">{words.thinking}</p>}
        {(status === 'limit' || status === 'cancelled' || status === 'error') && (
          <p class={`ended ${status}`} role={status === 'error' ? 'alert' : undefined}>
            {words.statuses[status]} {status === 'error' ? error : ''}
          </p>
        )}
        {usage !== undefined && (
          <p class="facts">
            {words.usage(usage.input_tokens, usage.output_tokens)}
            {usage.cost !== undefined &&
              ` · ${usage.cost.estimated === true ? '~' : ''}${usage.cost.amount.toFixed(4)} ${usage.cost.currency}`}
          </p>
        )}
      </div>
    </article>
  );
});

function keyOf(step: Step, index: number): string {
  return step.type === 'tool' ? step.callId : step.type === 'approval' ? step.approval.id : `${step.type}${index}`;
}

interface StepContext extends Pick<ExchangeProps, 'answer' | 'readOutput'> {
  readonly open: boolean;
  /** True while a question waits for a person. */
  readonly waits: boolean;
  readonly words: ReturnType<typeof useWords>;
}

function stepView(step: Step, { answer, readOutput, open, waits, words }: StepContext): ComponentChildren {
  switch (step.type) {
    case 'text':
      return <Markdown text={step.text} />;
    case 'reasoning': {
      const seconds = Math.max(1, Math.round(((step.endedAt ?? step.startedAt) - step.startedAt) / 1000));
      return (
        <details class="reasoning">
          <summary class={open ? 'busy' : ''}>{step.endedAt === undefined && open ? words.thinking : words.thought(seconds)}</summary>
          <p>{step.text}</p>
        </details>
      );
    }
    case 'notice':
      return <p class="facts">{step.text}</p>;
    case 'tool':
      return <ToolCard step={step} waits={waits} readOutput={readOutput} />;
    case 'approval':
      return <ApprovalCard approval={step.approval} decision={step.decision} answer={answer} />;
  }
}
