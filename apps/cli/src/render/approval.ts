import type { ApprovalRequest, ChangePreview, ObjectChange } from '@kw/agent';
import type { Messages } from '../messages.ts';
import { displayWidth, wrapLines } from './display-width.ts';
import { renderFieldChange } from './field-diff.ts';
import { safeCommand, safeText } from './safe-text.ts';
import type { Style } from './style.ts';

const maxFields = 40;
const maxObjects = 20;

/** Where and how a question is shown. */
export interface ApprovalView {
  readonly style: Style;
  readonly messages: Messages;
  readonly columns: number;
  /** Says a reason in the person's language. Default: as it is. */
  readonly reasonIn?: (reason: string) => string;
}

const labelWidth = 9;
const margin = labelWidth + 3;

/** The whole question as lines: command, target, effect with its reasons, and what would change. Nothing of the command is left out. */
export function renderApproval(
  request: ApprovalRequest,
  { style, messages, columns, reasonIn = (reason) => reason }: ApprovalView,
): string {
  const danger = request.effect === 'write' ? style.yellow : style.red;
  const { target } = request;
  const title = request.question === true ? messages.questionTitle(request.tool) : messages.approvalTitle(request.tool);
  const rows = (label: string, texts: readonly string[], paint: (text: string) => string = (text) => text): readonly string[] =>
    texts
      .flatMap((text) => wrapLines(text, columns - margin))
      .map((line, index) => `  ${style.dim(padTo(index === 0 ? label : '', labelWidth))} ${paint(line)}`);
  const namespace = target?.namespace === undefined ? '' : `, ${messages.namespace} ${target.namespace}`;
  return [
    '',
    `${danger('?')} ${style.bold(title)} ${danger(`[${[request.effect, ...request.traits].map((kind) => messages.kinds[kind]).join(', ')}]`)}`,
    ...wrapLines(safeCommand(request.summary), columns - 4).map((line) => `    ${style.bold(line)}`),
    ...(request.askedAgain === undefined ? [] : rows(messages.askedAgain, [safeText(reasonIn(request.askedAgain))], style.yellow)),
    ...(target === undefined
      ? []
      : rows(messages.cluster, [
          safeText(`${target.context} ${messages.as} ${identityOf(target, messages)}${namespace}`),
          safeText(target.server),
        ])),
    ...rows(
      messages.why,
      request.reasons.map((reason) => safeText(reasonIn(reason))),
    ),
    ...(request.preview === undefined
      ? []
      : renderPreview(request.preview, { style, messages, columns: columns - margin }).map(
          (line, index) => `  ${style.dim(padTo(index === 0 ? messages.changes : '', labelWidth))} ${line}`,
        )),
  ].join('\n');
}

function identityOf({ user, as }: NonNullable<ApprovalRequest['target']>, messages: Messages): string {
  return as === undefined ? user : `${as.user} (${messages.via[as.via](user)})`;
}

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

function renderPreview(preview: ChangePreview, view: ApprovalView): readonly string[] {
  const { style, messages, columns } = view;
  const objects = preview.objects.slice(0, maxObjects).flatMap((object) => renderObject(object, view));
  const more = (preview.more ?? 0) + Math.max(0, preview.objects.length - maxObjects);
  return [
    ...objects,
    ...(more > 0 ? [messages.moreObjects(more)] : []),
    ...preview.warnings.flatMap((warning) => wrapLines(safeText(warning), columns).map(style.yellow)),
    ...(preview.unavailable === undefined ? [] : wrapLines(messages.noPreview(safeText(preview.unavailable)), columns).map(style.dim)),
  ];
}

function renderObject(object: ObjectChange, { style, messages, columns }: ApprovalView): readonly string[] {
  const colors = { create: style.green, update: style.yellow, delete: style.red, unchanged: style.dim };
  const place = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  const action = messages.actions[object.action];
  const [first = '', ...others] = wrapLines(`${action} ${safeText(object.kind)} ${safeText(place)}`, columns);
  const head = [colors[object.action](action) + style.bold(first.slice(action.length)), ...others.map(style.bold)];
  if (object.action === 'delete') return head;
  const options = { style, columns: columns - 2, moreLines: messages.moreLines };
  const fields = object.fields.slice(0, maxFields).flatMap((field) => renderFieldChange(field, options).map((line) => `  ${line}`));
  return [...head, ...fields, ...(object.fields.length > maxFields ? [messages.moreFields(object.fields.length - maxFields)] : [])];
}
