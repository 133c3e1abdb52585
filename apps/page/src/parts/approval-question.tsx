import type { WireApproval } from '@kw/sdk-js';
import type { JSX } from 'preact';
import { visible } from '../text/visible.ts';
import { ChangeList } from './change-list.tsx';
import { useWords } from './words.tsx';

/** What a question is about: the whole command, where and as whom it would run, why it is asked and what it would change. */
export function ApprovalQuestion({ approval }: { readonly approval: WireApproval }): JSX.Element {
  const words = useWords();
  const { target } = approval;
  return (
    <>
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
    </>
  );
}
