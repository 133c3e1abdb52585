import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WireApproval } from '@kw/sdk-js';
import type { Decision } from '../state/chat.ts';
import { ChangeList } from './change-list.tsx';
import { visible } from '../text/visible.ts';
import { useWords } from './words.tsx';

/** A person's answer to a question. */
export type Answer =
  | { readonly decision: 'approve'; readonly grant?: 'exact' | 'similar' }
  | { readonly decision: 'deny'; readonly reason?: string };

interface ApprovalCardProps {
  readonly approval: WireApproval;
  readonly decision: Decision | undefined;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
}

/** A question that just came takes no yes: the second click of a double click, meant for what stood there before, must not be one. */
const settleMs = 700;

/** A question that waits for a person: the whole command, where it would run, why it is asked and what it would change. */
export function ApprovalCard({ approval, decision, answer }: ApprovalCardProps): JSX.Element {
  const words = useWords();
  const card = useRef<HTMLElement>(null);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [settled, setSettled] = useState(false);
  const open = decision === undefined;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settleMs);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (open) card.current?.focus(); // not on a button: a key that was meant for the text must not answer
  }, [open]);
  const say = (said: Answer): void => {
    setBusy(true);
    setProblem(undefined);
    answer(approval.id, said)
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false));
  };
  const { target } = approval;
  return (
    <section class={`approval ${approval.effect}`} ref={card} tabIndex={-1} aria-label={words.approvalTitle(approval.tool)}>
      <h3>
        {words.approvalTitle(approval.tool)}{' '}
        <span class={`effect ${approval.effect}`}>{words.effects[approval.effect] ?? approval.effect}</span>
      </h3>
      {approval.asked_again !== undefined && <p class="warning">{words.again(approval.asked_again)}</p>}
      <pre class="command" tabIndex={0} role="region" aria-label={approval.tool}>
        {visible(approval.command)}
      </pre>
      {target !== undefined && (
        <p>
          {words.target}: <strong>{visible(target.context)}</strong> <span class="facts">{visible(target.server)}</span> · {words.as}{' '}
          {visible(target.as ?? target.user)}
          {target.namespace !== undefined && ` · ${words.namespace}: ${target.namespace}`}
        </p>
      )}
      {approval.reasons.length > 0 && (
        <>
          <h4>{words.why}</h4>
          <ul>
            {approval.reasons.map((one) => (
              <li key={one}>{visible(one)}</li>
            ))}
          </ul>
        </>
      )}
      {approval.preview !== undefined && <ChangeList preview={approval.preview} />}
      {decision !== undefined ? (
        <p class="answered">{words.answered[decision]}</p>
      ) : (
        <div class="answers">
          <button type="button" class="primary" disabled={busy || !settled} onClick={() => say({ decision: 'approve' })}>
            {words.approve}
          </button>
          {approval.grants?.map(({ scope, label }) => (
            <button key={scope} type="button" disabled={busy || !settled} onClick={() => say({ decision: 'approve', grant: scope })}>
              {words.always(label)}
            </button>
          ))}
          <div class="decline">
            <label>
              <span class="hidden">{words.reason}</span>
              <input
                type="text"
                placeholder={words.reason}
                value={reason}
                onInput={(event) => setReason(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && reason.trim() !== '') say({ decision: 'deny', reason: reason.trim() });
                }}
              />
            </label>
            <button
              type="button"
              class="danger"
              disabled={busy}
              onClick={() => say({ decision: 'deny', ...(reason.trim() !== '' && { reason: reason.trim() }) })}
            >
              {words.decline}
            </button>
          </div>
        </div>
      )}
      {problem !== undefined && <p role="alert">{words.failed(problem)}</p>}
    </section>
  );
}
