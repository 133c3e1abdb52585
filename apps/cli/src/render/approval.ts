import type { ApprovalRequest, ChangePreview, FieldChange, ObjectChange } from '@kw/agent';
import type { Messages } from '../messages.ts';
import { displayWidth, wrapLines, wrapWords } from './display-width.ts';
import { safeCommand, safeText } from './safe-text.ts';
import type { Style } from './style.ts';

const maxFields = 40;
const maxObjects = 20;

/** Where and how a question is shown. */
export interface ApprovalView {
  readonly style: Style;
  readonly messages: Messages;
  readonly columns: number;
}

const labelWidth = 9;
const margin = labelWidth + 3;

/** The whole question as lines: command, target, effect with its reasons, and what would change. Nothing of the command is left out. */
export function renderApproval(request: ApprovalRequest, { style, messages, columns }: ApprovalView): string {
  const danger = request.effect === 'write' ? style.yellow : style.red;
  const { target } = request;
  const rows = (label: string, texts: readonly string[], paint: (text: string) => string = (text) => text): readonly string[] =>
    texts
      .flatMap((text) => wrapLines(text, columns - margin))
      .map((line, index) => `  ${style.dim(padTo(index === 0 ? label : '', labelWidth))} ${paint(line)}`);
  const namespace = target?.namespace === undefined ? '' : `, ${messages.namespace} ${target.namespace}`;
  return [
    '',
    `${danger('?')} ${style.bold(messages.approvalTitle(request.tool))} ${danger(`[${[request.effect, ...request.traits].join(', ')}]`)}`,
    ...wrapLines(safeCommand(request.summary), columns - 4).map((line) => `    ${style.bold(line)}`),
    ...(request.askedAgain === undefined ? [] : rows(messages.askedAgain, [safeText(request.askedAgain)], style.yellow)),
    ...(target === undefined
      ? []
      : rows(messages.cluster, [safeText(`${target.context} ${messages.as} ${target.user}${namespace}`), safeText(target.server)])),
    ...rows(messages.why, request.reasons.map(safeText)),
    ...(request.preview === undefined
      ? []
      : renderPreview(request.preview, style, messages)
          .flatMap((line) => wrapWords(line, columns - margin).split('\n'))
          .map((line, index) => `  ${style.dim(padTo(index === 0 ? messages.changes : '', labelWidth))} ${line}`)),
  ].join('\n');
}

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

function renderPreview(preview: ChangePreview, style: Style, messages: Messages): readonly string[] {
  const objects = preview.objects.slice(0, maxObjects).flatMap((object) => renderObject(object, style, messages));
  const more = (preview.more ?? 0) + Math.max(0, preview.objects.length - maxObjects);
  return [
    ...objects,
    ...(more > 0 ? [messages.moreObjects(more)] : []),
    ...preview.warnings.map((warning) => style.yellow(safeText(warning))),
    ...(preview.unavailable === undefined ? [] : [style.dim(messages.noPreview(safeText(preview.unavailable)))]),
  ];
}

function renderObject(object: ObjectChange, style: Style, messages: Messages): readonly string[] {
  const colors = { create: style.green, update: style.yellow, delete: style.red, unchanged: style.dim };
  const place = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  const head = `${colors[object.action](messages.actions[object.action])} ${safeText(object.kind)} ${safeText(place)}`;
  if (object.action === 'delete') return [head];
  const fields = object.fields.slice(0, maxFields).map((field) => `  ${renderField(field, style)}`);
  return [head, ...fields, ...(object.fields.length > maxFields ? [messages.moreFields(object.fields.length - maxFields)] : [])];
}

function renderField({ path, before, after }: FieldChange, style: Style): string {
  const name = safeText(path);
  if (before === undefined) return `${style.green('+')} ${name}: ${style.green(show(after))}`;
  if (after === undefined) return `${style.red('-')} ${name}: ${style.red(show(before))}`;
  return `${style.yellow('~')} ${name}: ${style.red(show(before))} → ${style.green(show(after))}`;
}

function show(value: unknown): string {
  const text = safeText(typeof value === 'string' && !value.includes('\n') ? value : (JSON.stringify(value) ?? ''));
  return text.length > 200 ? `${text.slice(0, 120)} … ${text.slice(-60)}` : text;
}
