import { asText, at, written } from '../json.ts';
import type { Json, JsonMap } from '../json.ts';
import { labelValueErrors, qualifiedNameErrors } from '../validation/names.ts';
import { badRequest } from './errors.ts';
import type { KubeObject, StringMap } from './object.ts';

/** One requirement of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';
  readonly values: readonly string[];
}

const word = String.raw`[^\s=!<>(),]+`;
const token = new RegExp(String.raw`\s*(?:(${word})|(==|!=|[=!<>(),])|(\S))`, 'y');

interface Token {
  readonly type: 'word' | 'symbol' | 'other' | 'end';
  readonly text: string;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const match = token.exec(text);
    if (!match) break;
    if (match[1]) found.push({ type: 'word', text: match[1] });
    else if (match[2]) found.push({ type: 'symbol', text: match[2] });
    else found.push({ type: 'other', text: match[3] ?? '' });
  }
  return found;
}

const unparsable = (reason: string): Error => badRequest(`unable to parse requirement: ${reason}`);

/** The requirements of a selector in the syntax of `kubectl -l`; throws 400 with the server's text. */
export function parseLabelSelector(text: string): Requirement[] {
  const all = tokens(text);
  const requirements: Requirement[] = [];
  let position = 0;
  const peek = (): Token => all[position] ?? { type: 'end', text: '' };
  const take = (): Token => {
    const next = peek();
    position++;
    return next;
  };
  const value = (): string => {
    const next = peek();
    if (next.type === 'word') return take().text;
    if (next.type !== 'end' && next.text !== ',' && next.text !== ')') throw unparsable(`found '${next.text}', expected: identifier`);
    return '';
  };
  const values = (): string[] => {
    const open = take();
    if (open.text !== '(') throw unparsable(`found '${open.text}' expected: '('`);
    const list = [value()];
    while (peek().text === ',') {
      take();
      list.push(value());
    }
    const close = take();
    if (close.text !== ')') throw unparsable(`found '${close.text}', expected: ',', or ')'`);
    return list;
  };
  while (peek().type !== 'end') {
    const negated = peek().text === '!';
    if (negated) take();
    const key = take();
    if (key.type !== 'word') throw badRequest(`found '${key.text}', expected: !, identifier, or 'end of string'`);
    checkWord(qualifiedNameErrors(key.text), '<nil>', key.text);
    const operator = peek();
    if (negated || operator.type === 'end' || operator.text === ',') {
      requirements.push({ key: key.text, operator: negated ? '!' : 'exists', values: [] });
    } else {
      take();
      if (operator.text === '=' || operator.text === '==') requirements.push({ key: key.text, operator: 'in', values: [value()] });
      else if (operator.text === '!=') requirements.push({ key: key.text, operator: 'notin', values: [value()] });
      else if (operator.text === '>' || operator.text === '<') {
        requirements.push({ key: key.text, operator: operator.text === '>' ? 'gt' : 'lt', values: [value()] });
      } else if (operator.text === 'in' || operator.text === 'notin') {
        requirements.push({ key: key.text, operator: operator.text, values: values() });
      } else throw unparsable(`found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const next = peek();
    if (next.type === 'end') break;
    if (next.text !== ',') throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
    take();
    if (peek().type === 'end') throw badRequest(`found '', expected: identifier after ','`);
  }
  for (const { key, operator, values: list } of requirements) {
    if (operator === 'gt' || operator === 'lt') continue;
    for (const [index, entry] of list.entries()) checkWord(labelValueErrors(entry), `values[${index}][${key}]`, entry);
  }
  return requirements;
}

function checkWord(errors: readonly string[], field: string, value: string): void {
  const [error] = errors;
  if (error !== undefined) throw unparsable(`${field}: Invalid value: ${JSON.stringify(value)}: ${error}`);
}

/** A label by a name that a client chose: `constructor` is none unless somebody set it. */
function labelOf(labels: StringMap | undefined, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Whether labels meet every requirement. */
export function matchesRequirements(labels: StringMap | undefined, requirements: readonly Requirement[]): boolean {
  return requirements.every(({ key, operator, values }) => {
    const label = labelOf(labels, key);
    switch (operator) {
      case 'in':
        return label !== undefined && values.includes(label);
      case 'notin':
        return label === undefined || !values.includes(label);
      case 'exists':
        return label !== undefined;
      case '!':
        return label === undefined;
      case 'gt':
        return label !== undefined && Number(label) > Number(values[0]);
      case 'lt':
        return label !== undefined && Number(label) < Number(values[0]);
    }
  });
}

/** Whether labels meet a LabelSelector object (matchLabels, matchExpressions); null selects nothing, {} everything. */
export function matchesSelector(labels: StringMap | undefined, selector: Json | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const wanted = at(selector, 'matchLabels') ?? {};
  for (const key of Object.keys(wanted)) if (labelOf(labels, key) !== at(wanted, key)) return false;
  const expressions = at(selector, 'matchExpressions');
  return !Array.isArray(expressions) || expressions.every((expression) => meets(labels, expression));
}

function meets(labels: StringMap | undefined, expression: Json): boolean {
  const label = labelOf(labels, asText(at(expression, 'key')));
  const values = at(expression, 'values');
  const listed = label !== undefined && Array.isArray(values) && values.includes(label);
  switch (at(expression, 'operator')) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** The terms of a field selector; throws 400 with the server's text. */
export function parseFieldSelector(text: string): FieldTerm[] {
  const terms: FieldTerm[] = [];
  for (const part of text.split(/(?<!\\),/)) {
    if (part === '') continue;
    const match = part.match(/^(.*?)(==|!=|=)(.*)$/s);
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    terms.push({ field: match[1] ?? '', equal: match[2] !== '!=', value: (match[3] ?? '').replaceAll(/\\([\\,=])/g, '$1') });
  }
  return terms;
}

/** Fields that can be selected besides metadata.name and metadata.namespace, with the text of the error for others. */
const selectable = new Map<string, { readonly fields: readonly string[]; readonly error?: 'label' }>([
  [
    'pods',
    {
      error: 'label',
      fields: [
        'spec.nodeName',
        'spec.restartPolicy',
        'spec.schedulerName',
        'spec.serviceAccountName',
        'spec.hostNetwork',
        'status.phase',
        'status.podIP',
        'status.podIPs',
        'status.nominatedNodeName',
      ],
    },
  ],
  [
    'events',
    {
      error: 'label',
      fields: [
        'involvedObject.kind',
        'involvedObject.namespace',
        'involvedObject.name',
        'involvedObject.uid',
        'involvedObject.apiVersion',
        'involvedObject.resourceVersion',
        'involvedObject.fieldPath',
        'reason',
        'reportingComponent',
        'source',
        'type',
      ],
    },
  ],
  ['namespaces', { error: 'label', fields: ['status.phase'] }],
  ['secrets', { error: 'label', fields: ['type'] }],
  ['nodes', { error: 'label', fields: ['spec.unschedulable'] }],
  ['services', { error: 'label', fields: ['spec.clusterIP', 'spec.type'] }],
  ['replicationcontrollers', { error: 'label', fields: ['status.replicas'] }],
  ['jobs.batch', { error: 'label', fields: ['status.successful'] }],
  ['certificatesigningrequests.certificates.k8s.io', { error: 'label', fields: ['spec.signerName'] }],
]);

function fieldOf(object: KubeObject, field: string): string {
  if (field === 'source') return asText(at(object, 'source', 'component')) || asText(at(object, 'reportingComponent'));
  if (field === 'reportingComponent') return asText(at(object, 'reportingComponent')) || asText(at(object, 'source', 'component'));
  if (field === 'status.successful') return written(at(object, 'status', 'succeeded') ?? 0);
  if (field === 'status.replicas') return written(at(object, 'status', 'replicas') ?? 0);
  if (field === 'spec.unschedulable' || field === 'spec.hostNetwork') return written(at(object, ...field.split('.')) ?? false);
  const value = at(object, ...field.split('.'));
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : written(value);
}

/** A test of objects against field terms; throws 400 for a field that the resource cannot select by. */
export function fieldMatcher(
  storage: string,
  terms: readonly FieldTerm[],
  customFields?: readonly string[],
): (object: KubeObject) => boolean {
  const own = selectable.get(storage);
  for (const { field } of terms) {
    if (field === 'metadata.name' || field === 'metadata.namespace') continue;
    if (own?.fields.includes(field) || customFields?.includes(field)) continue;
    if (own?.error === 'label') throw badRequest(`field label not supported: ${field}`);
    throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
  }
  return (object) => terms.every(({ field, equal, value }) => (fieldOf(object, field) === value) === equal);
}

/** The labels as a selector: `a=b,c=d` in the order of keys. */
export function selectorText(labels: JsonMap): string {
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${asText(labels[key])}`)
    .join(',');
}
