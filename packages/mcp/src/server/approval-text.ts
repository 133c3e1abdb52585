import type { ApprovalRequest, ChangePreview, FieldChange } from '@kw/agent';

const maxObjects = 10;
const maxFields = 20;
const maxValueUnits = 120;

/** A question to a person as plain text: the whole command, where it acts, why it is asked, and what would change. */
export function approvalText(request: ApprovalRequest): string {
  const { target, effect, traits, reasons, preview, askedAgain, summary } = request;
  return [
    `May this run? [${[effect, ...traits].join(', ')}]`,
    '',
    ...visible(summary)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
    ...(askedAgain === undefined ? [] : [`Asked again: ${askedAgain}`]),
    ...(target === undefined ? [] : [`Cluster: ${target.context} as ${target.user}, ${target.server}`]),
    ...(target?.namespace === undefined ? [] : [`Namespace: ${target.namespace}`]),
    `Why: ${reasons.join('; ')}`,
    ...(preview === undefined ? [] : previewLines(preview)),
  ]
    .map(visible)
    .join('\n');
}

function previewLines({ objects, more = 0, warnings, unavailable }: ChangePreview): readonly string[] {
  const shown = objects
    .slice(0, maxObjects)
    .flatMap(({ action, kind, namespace, name, fields }) => [
      `  ${action} ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
      ...fields.slice(0, maxFields).map(fieldLine),
      ...(fields.length > maxFields ? [`      and ${fields.length - maxFields} more fields`] : []),
    ]);
  const rest = more + Math.max(0, objects.length - maxObjects);
  return [
    ...(shown.length === 0 ? [] : ['What would change:', ...shown]),
    ...(rest === 0 ? [] : [`  and ${rest} more objects`]),
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...(unavailable === undefined ? [] : [`What would change is not known: ${unavailable}`]),
  ];
}

function fieldLine({ path, before, after }: FieldChange): string {
  const text = (value: FieldChange['before']): string => {
    const json = value === undefined ? '(none)' : JSON.stringify(value);
    return json.length > maxValueUnits ? `${json.slice(0, maxValueUnits)}…` : json;
  };
  return `      ${path}: ${text(before)} -> ${text(after)}`;
}

/** Characters that would hide or turn around what is read are written as escapes. */
export function visible(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
