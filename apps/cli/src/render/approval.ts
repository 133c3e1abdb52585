import type { ApprovalRequest, ChangePreview, FieldChange, ObjectChange } from '@kw/agent';
import type { Messages } from '../messages.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

const maxFields = 40;
const maxObjects = 20;

/** The whole question as lines: command, target, effect with its reasons, and what would change. */
export function renderApproval(request: ApprovalRequest, { style, messages }: { readonly style: Style; readonly messages: Messages }): string {
  const danger = request.effect === 'write' ? style.yellow : style.red;
  const { target } = request;
  const row = (label: string, text: string): string => `  ${style.dim(label.padEnd(9))} ${text}`;
  const lines = [
    '',
    `${danger('?')} ${style.bold(messages.approvalTitle(request.tool))} ${danger(`[${[request.effect, ...request.traits].join(', ')}]`)}`,
    ...safeText(request.summary)
      .split('\n')
      .map((line) => `    ${style.bold(line)}`),
  ];
  if (request.askedAgain !== undefined) lines.push(row(messages.askedAgain, style.yellow(safeText(request.askedAgain))));
  if (target !== undefined) {
    const namespace = target.namespace === undefined ? '' : `, ${messages.namespace} ${safeText(target.namespace)}`;
    lines.push(row(messages.cluster, `${style.bold(safeText(target.context))} (${safeText(target.server)}) ${messages.as} ${safeText(target.user)}${namespace}`));
  }
  for (const [index, reason] of request.reasons.entries()) lines.push(row(index === 0 ? messages.why : '', safeText(reason)));
  if (request.preview !== undefined) lines.push(...renderPreview(request.preview, style, messages).map((line, index) => row(index === 0 ? messages.changes : '', line)));
  return lines.join('\n');
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
  const text = safeText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return text.length > 200 ? `${text.slice(0, 120)} … ${text.slice(-60)}` : text;
}
