import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WireApproval } from '@kw/sdk-js';
import type { Sharing } from '../state/chat.ts';
import type { Decision } from '../state/steps.ts';
import { failureText, toWireError } from '../text/failure.ts';
import { shortName } from '../text/person.ts';
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
  /** Who answered, where that is known. */
  readonly by: string | undefined;
  readonly sharing: Sharing;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
}

/** A question that just came takes no yes: the second click of a double click, meant for what stood there before, must not be one. */
const settleMs = 700;

/** A question that waits for a person: the whole command, where it would run, why it is asked and what it would change. */
export function ApprovalCard({ approval, decision, by, sharing, answer }: ApprovalCardProps): JSX.Element {
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
      .catch((error: unknown) => setProblem(failureText(toWireError(error), words)))
      .finally(() => setBusy(false));
  };
  const { target } = approval;
  const mayApprove = approval.approve_by === undefined || sharing.role !== 'owner';
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
        <dl class="target">
          <dt>{words.target}</dt>
          <dd>
            <strong>{visible(target.context)}</strong> <span class="facts">{visible(target.server)}</span>
          </dd>
          {target.namespace !== undefined && (
            <>
              <dt>{words.namespace}</dt>
              <dd>{visible(target.namespace)}</dd>
            </>
          )}
          <dt>{words.identity}</dt>
          <dd>
            <strong>{visible(target.as ?? target.user)}</strong>{' '}
            {target.as !== undefined && <span class="facts">{words.credentialsOf(visible(target.user))}</span>}
          </dd>
        </dl>
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
        <p class="answered">{by === undefined ? words.answered[decision] : words.answeredBy(words.answered[decision], visible(by))}</p>
      ) : sharing.role === 'viewer' ? (
        <p class="facts">{words.mayNotAnswer}</p>
      ) : (
        <div class="answers">
          {approval.approve_by !== undefined && <FourEyes sharing={sharing} />}
          {mayApprove && (
            <button type="button" class="primary" disabled={busy || !settled} onClick={() => say({ decision: 'approve' })}>
              {words.approve}
            </button>
          )}
          {(mayApprove ? approval.grants : undefined)?.map(({ scope, label }) => (
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

/** Whoever asked must not approve: what that means for the one who looks at it. */
function FourEyes({ sharing: { role, owner, approvers } }: { readonly sharing: Sharing }): JSX.Element {
  const words = useWords();
  const names = approvers.map((person) => visible(shortName(person))).join(', ');
  return (
    <p class="four-eyes">
      {role === 'owner' ? words.fourEyesOwner : words.fourEyesOther(owner ?? words.somebody)}{' '}
      {role === 'owner' && (names === '' ? words.nameApprover : words.approversAre(names))}
    </p>
  );
}
