import type { KubeObject } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at } from '../json.ts';
import { selectorText } from '../api/selectors.ts';

/** A span of time as tables show it: at most two units. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return two(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  if (days < 365 * 8) return two(Math.trunc(days / 365), 'y', days % 365, 'd');
  return `${Math.trunc(days / 365)}y`;
}

/** The time since a timestamp, `<unknown>` for none. */
export function since(time: Json | undefined, now: number): string {
  const text = asText(time);
  return text === '' ? '<unknown>' : humanDuration(now - Date.parse(text));
}

/** The age of an object. */
export function age(object: KubeObject, now: number): string {
  return since(object.metadata.creationTimestamp, now);
}

/** The text, or what stands for an empty one. */
export function orElse(text: Json | undefined, otherwise: string): string {
  return asText(text) === '' ? otherwise : asText(text);
}

/** Names and images of containers, two cells. */
export function containerCells(containers: Json | undefined): [string, string] {
  const all = asMaps(containers);
  return [all.map(({ name }) => asText(name)).join(','), all.map(({ image }) => asText(image)).join(',')];
}

/** A LabelSelector in one line. */
export function labelSelectorText(selector: Json | undefined): string {
  if (selector === undefined || selector === null) return '<none>';
  const labels = Object.entries(asMap(at(selector, 'matchLabels'))).map(([key, value]) => `${key}=${asText(value)}`);
  const expressions = asMaps(at(selector, 'matchExpressions')).map((expression) => {
    const values = asList(expression.values).map(asText).sort().join(',');
    switch (expression.operator) {
      case 'In':
        return `${asText(expression.key)} in (${values})`;
      case 'NotIn':
        return `${asText(expression.key)} notin (${values})`;
      case 'Exists':
        return asText(expression.key);
      default:
        return `!${asText(expression.key)}`;
    }
  });
  const text = [...labels, ...expressions].sort().join(',');
  return text === '' ? '<none>' : text;
}

/** A plain map of labels in one line, `<none>` for none. */
export function labelsText(labels: Json | undefined): string {
  return orElse(selectorText(asMap(labels)), '<none>');
}

/** The first entries of a list and how many more there are. */
export function listWithMore(list: readonly string[], max: number): string {
  if (list.length === 0) return '<none>';
  const more = list.length > max ? ` + ${list.length - max} more...` : '';
  return `${list.slice(0, max).join(',')}${more}`;
}

/** The condition of a type. */
export function condition(object: Json | undefined, type: string): JsonMap | undefined {
  return asMaps(at(object, 'status', 'conditions')).find((entry) => entry.type === type);
}

/** Access modes as abbreviations. */
export function accessModes(modes: Json | undefined): string {
  const short = new Map([
    ['ReadWriteOnce', 'RWO'],
    ['ReadOnlyMany', 'ROX'],
    ['ReadWriteMany', 'RWX'],
    ['ReadWriteOncePod', 'RWOP'],
  ]);
  const all = asList(modes).map(asText);
  return [...short]
    .filter(([mode]) => all.includes(mode))
    .map(([, text]) => text)
    .join(',');
}
