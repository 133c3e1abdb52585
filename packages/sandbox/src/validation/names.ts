// The texts and expressions with which the API server refuses names, labels and annotations.
import type { FieldError } from '../api/field-errors.ts';
import { invalid } from '../api/field-errors.ts';
import type { Json } from '../json.ts';
import { asMap, written } from '../json.ts';

const dns1123Label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Subdomain = String.raw`${dns1123Label}(\.${dns1123Label})*`;
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const configKey = '[-._a-zA-Z0-9]+';

const whole = (expression: string): RegExp => new RegExp(`^(?:${expression})$`);

function regexText(text: string, expression: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}'`).join(',  or ');
  return `${text} (e.g. ${shown}, regex used for validation is '${expression}')`;
}

const tooLong = (limit: number, unit = 'bytes'): string => `must be no more than ${limit} ${unit}`;

/** What is wrong with a lower case RFC 1123 label (names of namespaces, containers, ports of containers). */
export function dns1123LabelErrors(value: string): string[] {
  const text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  const dotted = whole(dns1123Subdomain).test(value);
  return [
    ...(value.length > 63 ? [tooLong(63, 'characters')] : []),
    ...(whole(dns1123Label).test(value) ? [] : [dotted ? 'must not contain dots' : regexText(text, dns1123Label, 'my-name', '123-abc')]),
  ];
}

/** What is wrong with a lower case RFC 1123 subdomain (names of most objects). */
export function dns1123SubdomainErrors(value: string): string[] {
  const text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [
    ...(value.length > 253 ? [tooLong(253, 'characters')] : []),
    ...(whole(dns1123Subdomain).test(value) ? [] : [regexText(text, dns1123Subdomain, 'example.com')]),
  ];
}

/** What is wrong with a host name of which the first label is a star. */
export function wildcardErrors(value: string): string[] {
  const expression = String.raw`\*\.${dns1123Subdomain}`;
  const text =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return whole(expression).test(value) ? [] : [regexText(text, expression, '*.example.com')];
}

/** What is wrong with a part of a path (names of roles and bindings). */
export function pathSegmentErrors(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
}

/** What is wrong with the key of a label, annotation, taint or selector. */
export function qualifiedNameErrors(value: string): string[] {
  const parts = value.split('/');
  const name = parts.at(-1) ?? '';
  const text = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  if (parts.length > 2) {
    return [
      `a qualified name ${regexText(text, qualifiedName, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const errors: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') errors.push('prefix part must be non-empty');
    else errors.push(...dns1123SubdomainErrors(parts[0] ?? '').map((error) => `prefix part ${error.replace(/characters$/, 'bytes')}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (name.length > 63) errors.push(`name part ${tooLong(63)}`);
  if (!whole(qualifiedName).test(name)) errors.push(`name part ${regexText(text, qualifiedName, 'MyName', 'my.name', '123-abc')}`);
  return errors;
}

/** What is wrong with the value of a label. */
export function labelValueErrors(value: string): string[] {
  const text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [
    ...(value.length > 63 ? [tooLong(63)] : []),
    ...(whole(labelValue).test(value) ? [] : [regexText(text, labelValue, 'MyValue', 'my_value', '12345')]),
  ];
}

/** What is wrong with a key of a ConfigMap or Secret. */
export function configKeyErrors(value: string): string[] {
  const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  const errors = value.length > 253 ? [tooLong(253, 'characters')] : [];
  if (!whole(configKey).test(value)) errors.push(regexText(text, configKey, 'key.name', 'KEY_NAME', 'key-name'));
  else if (value === '.' || value === '..') errors.push(`must not be '${value}'`);
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

/** What is wrong with the name of a port. */
export function portNameErrors(value: string): string[] {
  const errors: string[] = [];
  if (value.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** Errors of a map of labels. */
export function labelErrors(labels: Json | undefined, field: string): FieldError[] {
  return Object.entries(asMap(labels)).flatMap(([key, value]) => [
    ...qualifiedNameErrors(key).map((error) => invalid(field, key, error)),
    ...labelValueErrors(written(value ?? '')).map((error) => invalid(field, value ?? '', error)),
  ]);
}

/** Errors of a map of annotations. */
export function annotationErrors(annotations: Json | undefined, field: string): FieldError[] {
  return Object.keys(asMap(annotations)).flatMap((key) =>
    qualifiedNameErrors(key.toLowerCase()).map((error) => invalid(field, key, error)),
  );
}
