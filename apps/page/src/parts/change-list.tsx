import type { JSX } from 'preact';
import type { WireApproval, WireFieldChange, WireObjectChange } from '@kw/sdk-js';
import { visible } from '../text/visible.ts';
import { useWords } from './words.tsx';

/** What an approved call would change, field by field. */
export function ChangeList({ preview }: { readonly preview: NonNullable<WireApproval['preview']> }): JSX.Element {
  const words = useWords();
  return (
    <section class="changes" aria-label={words.changes}>
      <h4>{words.changes}</h4>
      {preview.unavailable !== undefined && <p>{words.noPreview(preview.unavailable)}</p>}
      <ul>
        {preview.objects.map((change) => (
          <ObjectChange key={`${change.kind}/${change.namespace ?? ''}/${change.name}`} change={change} />
        ))}
      </ul>
      {preview.more !== undefined && <p>{words.more(preview.more)}</p>}
      {preview.warnings.map((warning) => (
        <p key={warning} class="warning">
          {visible(warning)}
        </p>
      ))}
    </section>
  );
}

function ObjectChange({ change }: { readonly change: WireObjectChange }): JSX.Element {
  const words = useWords();
  return (
    <li>
      <span class={`action ${change.action}`}>{words.actions[change.action]}</span> {visible(change.kind)}{' '}
      <strong>{visible(change.name)}</strong>
      {change.namespace !== undefined && <span class="facts"> · {change.namespace}</span>}
      {change.fields.length > 0 && (
        <dl>
          {change.fields.map((field) => (
            <Field key={field.path} field={field} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Field({ field }: { readonly field: WireFieldChange }): JSX.Element {
  return (
    <div>
      <dt>{visible(field.path)}</dt>
      <dd>
        {field.before !== undefined && <del>{shown(field.before)}</del>}
        {field.before !== undefined && field.after !== undefined && <span aria-hidden="true"> → </span>}
        {field.after !== undefined && <ins>{shown(field.after)}</ins>}
      </dd>
    </div>
  );
}

function shown(value: unknown): string {
  return visible(typeof value === 'string' ? value : JSON.stringify(value));
}
