import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { WireApproval } from '@kw/sdk-js';
import type { Sharing } from '../state/chat.ts';
import type { Decision } from '../state/steps.ts';
import { grantLabel } from '../text/grant-label.ts';
import { failureText, toWireError } from '../text/failure.ts';
import { shortName } from '../text/person.ts';
import { ApprovalQuestion } from './approval-question.tsx';
import { visible } from '../text/visible.ts';
import { useWords } from './words.tsx';

/** A person's answer to a question. */
export type Answer =
  | { readonly decision: 'approve'; readonly grant?: 'exact' | 'similar' }
  | { readonly decision: 'deny'; readonly reason?: string };

interface ApprovalCardProps extends OpenCardProps {
  readonly decision: Decision | undefined;
  /** Who answered, where that is known. */
  readonly by: string | undefined;
}

interface OpenCardProps {
  readonly approval: WireApproval;
  readonly sharing: Sharing;
  /** Why this user may answer nothing at all. */
  readonly barred: string | undefined;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
}

/** A question that just came takes no yes: the second click of a double click, meant for what stood there before, must not be one. */
const settleMs = 700;

/** A question to a person: open, or one line that says how it was answered. */
export function ApprovalCard({ decision, by, ...question }: ApprovalCardProps): JSX.Element {
  const words = useWords();
  if (decision === undefined) return <OpenCard {...question} />;
  const { approval } = question;
  const said = approval.question === true ? words.answeredQuestion[decision] : words.answered[decision];
  return (
    <details class="approval answered">
      <summary>
        <strong>{by === undefined ? said : words.answeredBy(said, visible(by))}</strong> <code>{visible(approval.command)}</code>
      </summary>
      <ApprovalQuestion approval={approval} />
    </details>
  );
}

function OpenCard({ approval, sharing, barred, answer }: OpenCardProps): JSX.Element {
  const words = useWords();
  const card = useRef<HTMLElement>(null);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), settleMs);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!isTyping()) card.current?.focus(); // not on a button: a key that was meant for the text must not answer
  }, []);
  const say = (said: Answer): void => {
    setBusy(true);
    setProblem(undefined);
    answer(approval.id, said)
      .then(() => document.getElementById('question')?.focus()) // the card is gone, and the focus would be with it
      .catch((error: unknown) => setProblem(failureText(toWireError(error), words)))
      .finally(() => setBusy(false));
  };
  const isQuestion = approval.question === true;
  const title = isQuestion ? words.questionTitle(approval.tool) : words.approvalTitle(approval.tool);
  const why = words.ungranted[approval.ungranted ?? ''];
  const mayApprove = approval.approve_by === undefined || sharing.role !== 'owner';
  const mayGrant = mayApprove && sharing.role === 'owner';
  return (
    <section class={`approval ${isQuestion ? 'question' : approval.effect}`} ref={card} tabIndex={-1} aria-label={title}>
      <h3>
        {title} {!isQuestion && <span class={`effect ${approval.effect}`}>{words.effects[approval.effect] ?? approval.effect}</span>}
      </h3>
      <ApprovalQuestion approval={approval} />
      {sharing.role === 'viewer' || barred !== undefined ? (
        <p class="facts">{barred ?? words.mayNotAnswer}</p>
      ) : (
        <div class="answers">
          {approval.approve_by !== undefined && <FourEyes sharing={sharing} />}
          {mayApprove && (
            <button type="button" class="primary" disabled={busy || !settled} onClick={() => say({ decision: 'approve' })}>
              {isQuestion ? words.yes : words.approve}
            </button>
          )}
          {(mayGrant ? approval.grants : undefined)?.map((offer) => (
            <button
              key={offer.scope}
              type="button"
              disabled={busy || !settled}
              onClick={() => say({ decision: 'approve', grant: offer.scope })}
            >
              {words.always(grantLabel(offer, words))}
            </button>
          ))}
          {mayGrant && why !== undefined && <p class="facts ungranted">{why}</p>}
          <div class="decline">
            <label>
              <span class="hidden">{isQuestion ? words.whyNot : words.reason}</span>
              <input
                type="text"
                placeholder={isQuestion ? words.whyNot : words.reason}
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
              {isQuestion ? words.no : words.decline}
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

/** Whoever writes something is not interrupted by a question that comes meanwhile. */
function isTyping(): boolean {
  const active = document.activeElement;
  return (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) && active.value !== '';
}
