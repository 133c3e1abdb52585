import { severities } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { keyOf } from '../world/world-object.ts';
import type { Rolled } from './roll-up.ts';

/** Joins findings with their causes, and puts what explains others first, then the worst, then the newest; the explained ones stand below their cause. */
export function rank(all: readonly Rolled[]): readonly Finding[] {
  const known = causesOf(all);
  const rolled = all.filter(
    ({ finding, faults }) => !known.has(finding.id) || !faults.every(({ onlyUnexplained }) => onlyUnexplained === true),
  );
  const causes = rolled.length === all.length ? known : causesOf(rolled);
  const below = new Map<string, Finding[]>();
  for (const { finding } of rolled) {
    const cause = causes.get(finding.id);
    if (cause !== undefined) push(below, cause, { ...finding, cause });
  }
  const withBelow = (finding: Finding): readonly Finding[] => {
    const explained = (below.get(finding.id) ?? []).toSorted(byWeight).flatMap(withBelow);
    return [{ ...finding, explains: explained.length }, ...explained];
  };
  const roots = rolled.filter(({ finding }) => !causes.has(finding.id)).map(({ finding }) => withBelow(finding));
  return roots.toSorted((one, other) => compareGroups(one, other)).flat();
}

/** The cause of each finding, by ids; no finding causes itself, also not by way of others. */
function causesOf(rolled: readonly Rolled[]): ReadonlyMap<string, string> {
  const byKey = new Map<string, string[]>();
  for (const { finding, keys } of rolled) for (const key of new Set([...keys, keyOf(finding)])) push(byKey, key, finding.id);
  const causes = new Map<string, string>();
  const join = (effect: string, cause: string): void => {
    if (causes.has(effect)) return;
    for (let at: string | undefined = cause; at !== undefined; at = causes.get(at)) if (at === effect) return;
    causes.set(effect, cause);
  };
  for (const { finding, faults } of rolled)
    for (const ref of faults.flatMap(({ explains = [] }) => explains))
      for (const effect of byKey.get(keyOf(ref)) ?? []) join(effect, finding.id);
  const own = new Map(rolled.map((each) => [keyOf(each.finding), each.finding.id]));
  for (const { finding, faults } of rolled)
    for (const ref of faults.flatMap(({ causedBy = [] }) => causedBy)) {
      const key = keyOf(ref);
      const cause = own.get(key) ?? byKey.get(key)?.[0];
      if (cause !== undefined) join(finding.id, cause);
    }
  return causes;
}

function compareGroups(one: readonly Finding[], other: readonly Finding[]): number {
  const worst = (group: readonly Finding[]): number =>
    group.reduce((least, { severity }) => Math.min(least, severities.indexOf(severity)), severities.length);
  const [first, second] = [one[0], other[0]];
  if (first === undefined || second === undefined) return 0;
  return worst(one) - worst(other) || other.length - one.length || byWeight(first, second);
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** By code units: the same everywhere, and a hundred times as fast as by the rules of a language. */
function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function byWeight(one: Finding, other: Finding): number {
  const severity = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  if (severity !== 0) return severity;
  return compareTexts(other.since ?? '', one.since ?? '') || compareTexts(one.id, other.id);
}
