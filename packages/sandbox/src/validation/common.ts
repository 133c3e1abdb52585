import type { FieldError } from '../api/field-errors.ts';
import { invalid, required, unsupported } from '../api/field-errors.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, equal, isMap } from '../json.ts';
import { labelErrors, labelValueErrors, qualifiedNameErrors } from './names.ts';

/** Errors of a number that may not be negative. */
export function nonNegative(value: Json | undefined, field: string): FieldError[] {
  return typeof value === 'number' && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

/** Errors of a field that may not change. */
export function immutable(value: Json | undefined, old: Json | undefined, field: string): FieldError[] {
  return equal(value, old) ? [] : [invalid(field, value, 'field is immutable')];
}

/** Errors of a port number. */
export function portErrors(value: Json | undefined, field: string): FieldError[] {
  const port = typeof value === 'number' ? value : 0;
  return port < 1 || port > 65535 ? [invalid(field, port, 'must be between 1 and 65535, inclusive')] : [];
}

/** Errors of a whole number or a percentage. */
export function intOrPercent(value: Json | undefined, field: string): FieldError[] {
  if (typeof value === 'number') return nonNegative(value, field);
  if (typeof value !== 'string' || /^\d+%$/.test(value)) return [];
  return [
    invalid(
      field,
      value,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ),
  ];
}

/** Errors of a percentage of more than everything. */
export function atMostAll(value: Json | undefined, field: string): FieldError[] {
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return Number(percent ?? 0) > 100 ? [invalid(field, value, 'must not be greater than 100%')] : [];
}

/** Whether a whole number or percentage is nothing. */
export const isZero = (value: Json | undefined): boolean => value === undefined || value === 0 || value === '0%';

/** An update strategy as the server prints it: all fields of its internal type. */
export function strategyForm(strategy: JsonMap): JsonMap {
  return { Type: asText(strategy.type), RollingUpdate: strategy.rollingUpdate ?? null };
}

/** Errors of a value that must be one of these. */
export function enumError(value: Json | undefined, field: string, values: readonly string[]): FieldError[] {
  if (value === undefined || value === '') return [required(field)];
  return typeof value === 'string' && values.includes(value) ? [] : [unsupported(field, value, values)];
}

/** Errors of a LabelSelector. */
export function selectorErrors(selector: Json | undefined, field: string): FieldError[] {
  if (!isMap(selector)) return [];
  const expressions = asMaps(selector.matchExpressions).flatMap((expression, index) => {
    const path = `${field}.matchExpressions[${index}]`;
    const values = asList(expression.values);
    const errors: FieldError[] = [];
    switch (expression.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0)
          errors.push({
            reason: 'FieldValueForbidden',
            field: `${path}.values`,
            message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          });
        break;
      default:
        errors.push(invalid(`${path}.operator`, expression.operator, 'not a valid selector operator'));
    }
    errors.push(...qualifiedNameErrors(asText(expression.key)).map((error) => invalid(`${path}.key`, asText(expression.key), error)));
    for (const [at, value] of values.entries())
      errors.push(...labelValueErrors(asText(value)).map((error) => invalid(`${path}.values[${at}]`, value, error)));
    return errors;
  });
  return [...labelErrors(selector.matchLabels, `${field}.matchLabels`), ...expressions];
}

/** Whether a LabelSelector says nothing. */
export function isEmptySelector(selector: Json | undefined): boolean {
  const map = asMap(selector);
  return Object.keys(asMap(map.matchLabels)).length === 0 && asList(map.matchExpressions).length === 0;
}

/** A template with its defaults, as a map. */
export function templateOf(spec: JsonMap): JsonMap {
  return asMap(spec.template);
}
