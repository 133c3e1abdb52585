import type { ApprovalDecision, ApprovalRequest, Grant } from '@kw/agent';
import type { Messages } from '../messages.ts';
import { wrapLines } from './display-width.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

type Grants = NonNullable<ApprovalRequest['grants']>;

/** What a grant covers, on one line, in the reader's language. */
export function grantLabel({ label, calls }: Pick<Grant, 'label' | 'calls'>, messages: Messages): string {
  return safeText(calls === undefined ? label : messages.grantedCalls(calls)).replaceAll('\n', ' ');
}

/** What may be answered, a line each, why not more, and the line where the answer is written. */
export function renderChoices(
  { grants = [], ungranted, question }: Pick<ApprovalRequest, 'grants' | 'ungranted' | 'question'>,
  { messages, style, columns }: { readonly messages: Messages; readonly style: Style; readonly columns: number },
): string {
  const similar = grants.find(({ scope }) => scope === 'similar');
  const choices = [
    ...(question === true ? [messages.choices.answerYes, messages.choices.answerNo] : [messages.choices.yes, messages.choices.no]),
    ...(grants.some(({ scope }) => scope === 'exact') ? [messages.choices.always] : []),
    ...(similar === undefined ? [] : [messages.choices.similar(grantLabel(similar, messages))]),
  ];
  const lined = (text: string): readonly string[] =>
    wrapLines(text, columns - 6).map((line, index) => `  ${index === 0 ? '' : '    '}${line}`);
  const why = messages.ungranted[ungranted ?? ''];
  const whyLines = why === undefined ? [] : lined(messages.aside(why)).map(style.dim);
  return [...choices.flatMap(lined), ...whyLines, `${style.bold('>')} `].join('\n');
}

/** What an answer means, told apart by `type`. */
export type Answer =
  | { readonly type: 'decision'; readonly decision: ApprovalDecision }
  /** A reason is to be asked for. */
  | { readonly type: 'explain' }
  /** It would grant what is not offered. */
  | { readonly type: 'not-offered' };

/** `y` and `yes` approve, `a` and `s` approve and grant what is offered; everything else does not, and is told to the model where it is more than a no. */
export function toAnswer(line: string | undefined, grants: Grants): Answer {
  const text = line?.trim() ?? '';
  const grantOf = (scope: Grants[number]['scope']): Answer =>
    grants.some((offer) => offer.scope === scope)
      ? { type: 'decision', decision: { decision: 'approve', grant: scope } }
      : { type: 'not-offered' };
  switch (text.toLowerCase()) {
    case 'y':
    case 'yes':
      return { type: 'decision', decision: { decision: 'approve' } };
    case 'a':
    case 'always':
      return grantOf('exact');
    case 's':
    case 'similar':
      return grantOf('similar');
    case 'e':
      return { type: 'explain' };
    case '':
    case 'n':
    case 'no':
      return { type: 'decision', decision: { decision: 'deny' } };
    default:
      return { type: 'decision', decision: { decision: 'deny', reason: text } };
  }
}
