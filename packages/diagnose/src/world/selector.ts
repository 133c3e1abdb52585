import { labelsAt, listAt, textAt, textsAt } from './fields.ts';
import type { Fields } from './fields.ts';

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Whether an object has all of these labels. */
export function matchesLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Whether labels fulfil a LabelSelector (`matchLabels`, `matchExpressions`); an empty one fits everything. */
export function matchesSelector(labels: Labels, selector: Fields): boolean {
  return (
    matchesLabels(labels, labelsAt(selector, 'matchLabels')) &&
    listAt(selector, 'matchExpressions').every((expression) => matchesExpression(labels, expression))
  );
}

/** Whether labels (or those of a node) fulfil one expression with key, operator and values. */
export function matchesExpression(labels: Labels, expression: Fields): boolean {
  const value = labels[textAt(expression, 'key')];
  const values = textsAt(expression, 'values');
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
