import type { ComponentChildren, FunctionComponent, JSX } from 'preact';
import { memo } from 'preact/compat';
import type { Exchange as ExchangeState, Sharing } from '../state/chat.ts';
import type { Given } from '../state/grants.ts';
import type { Notice, Step } from '../state/steps.ts';
import { failureText } from '../text/failure.ts';
import { visible } from '../text/visible.ts';
import type { Messages } from '../text/messages.ts';
import { Markdown } from '../text/markdown.tsx';
import { ApprovalCard } from './approval-card.tsx';
import type { Answer } from './approval-card.tsx';
import { ToolCard } from './tool-card.tsx';
import type { ReadOutput } from './tool-card.tsx';
import { useWords } from './words.tsx';

interface ExchangeProps {
  readonly exchange: ExchangeState;
  readonly sharing: Sharing;
  readonly grants: readonly Given[];
  /** Why this user may answer no question. */
  readonly barred: string | undefined;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
  readonly readOutput: ReadOutput;
}

/** A question, what was done for it, and its answer. */
export const Exchange: FunctionComponent<ExchangeProps> = memo(
  ({ exchange, sharing, grants, barred, answer, readOutput }: ExchangeProps): JSX.Element => {
    const words = useWords();
    const { status, error, usage, steps, target } = exchange;
    const last = steps.at(-1);
    const silent =
      status === 'processing' && (last === undefined || (last.type === 'tool' && last.outcome !== undefined) || last.type === 'notice');
    return (
      <article class="exchange">
        <div class="query">
          <p>{exchange.query}</p>
        </div>
        {target !== undefined && <p class="facts where">{words.actsOn(whereOf(target))}</p>}
        <div class="answer">
          {steps.map((step, index) => (
            <div key={keyOf(step, index)}>
              {stepView(step, {
                answer,
                sharing,
                grants,
                barred,
                readOutput,
                open: status === 'processing' && index === steps.length - 1,
                waits: status === 'awaiting_approval' ? waitsText(steps, sharing, words) : undefined,
                words,
              })}
            </div>
          ))}
          {silent && <p class="busy">{words.thinking}</p>}
          {(status === 'limit' || status === 'cancelled' || status === 'error') && (
            <p class={`ended ${status}`} role={status === 'error' ? 'alert' : undefined}>
              {words.statuses[status]} {status !== 'cancelled' && error !== undefined && failureText(error, words)}
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
  },
);

function whereOf({ context, namespace, user, as = user }: NonNullable<ExchangeState['target']>): Parameters<Messages['actsOn']>[0] {
  return { context: visible(context), as: visible(as), ...(namespace !== undefined && { namespace }) };
}

/** For whom a question waits: with four eyes not for whoever asked, and for a viewer never. */
function waitsText(steps: readonly Step[], { role }: Sharing, words: Messages): string {
  const open = steps.findLast((step) => step.type === 'approval' && step.decision === undefined);
  const others = role === 'viewer' || (role === 'owner' && open?.type === 'approval' && open.approval.approve_by !== undefined);
  return others ? words.waitsForOthers : words.waiting;
}

function noticeText({ kind, text, delayMs = 0 }: Notice, words: Messages): string {
  switch (kind) {
    case 'discarded':
      return words.discarded;
    case 'retry':
      return words.retrying(Math.ceil(delayMs / 1000));
    case 'compacted':
      return words.compacted;
    case 'said':
      return text;
  }
}

function keyOf(step: Step, index: number): string {
  return step.type === 'tool' ? step.callId : step.type === 'approval' ? step.approval.id : `${step.type}${index}`;
}

interface StepContext extends Pick<ExchangeProps, 'answer' | 'readOutput' | 'sharing' | 'grants' | 'barred'> {
  readonly open: boolean;
  /** What is said of calls while a question waits for a person. */
  readonly waits: string | undefined;
  readonly words: ReturnType<typeof useWords>;
}

function stepView(step: Step, { answer, readOutput, sharing, grants, barred, open, waits, words }: StepContext): ComponentChildren {
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
      return <p class="facts">{noticeText(step, words)}</p>;
    case 'tool':
      return <ToolCard step={step} waits={waits} grants={grants} readOutput={readOutput} />;
    case 'approval':
      return (
        <ApprovalCard approval={step.approval} decision={step.decision} by={step.by} sharing={sharing} barred={barred} answer={answer} />
      );
  }
}
