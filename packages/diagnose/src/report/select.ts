import type { Condition } from '../condition.ts';
import type { Finding, Severity } from '../finding.ts';
import { severities } from '../finding.ts';
import { matchesExpression } from '../world/selector.ts';
import type { World } from '../world/world.ts';

/** Which findings are wanted. */
export interface Selection {
  /** API kinds such as `Pod`; absent: all. */
  readonly kinds?: readonly string[] | undefined;
  /** A label selector as kubectl takes it, on the object or any of its owners. */
  readonly selector?: string | undefined;
  /** This severity and worse ones. */
  readonly severity?: Severity | undefined;
  /** Milliseconds: what began, or was seen, longer ago is left out. */
  readonly sinceMs?: number | undefined;
}

/** What owns pods: their faults are found at the pods. */
const podOwners: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

/** The conditions that can find something about these kinds. */
export function conditionsFor(conditions: readonly Condition[], kinds: readonly string[] | undefined): readonly Condition[] {
  if (kinds === undefined) return conditions;
  const wanted = new Set(kinds);
  if (kinds.some((kind) => podOwners.has(kind))) wanted.add('Pod');
  return conditions.filter((condition) => condition.kinds.some((kind) => wanted.has(kind)));
}

/** The findings that are wanted, and those that explain one of them. */
export function selectFindings(findings: readonly Finding[], world: World, selection: Selection): readonly Finding[] {
  const fits = fitsOf(world, selection);
  const kept = new Set(findings.filter(fits).map(({ id }) => id));
  const causeOf = new Map(findings.flatMap(({ id, cause }) => (cause === undefined ? [] : [[id, cause] as const])));
  for (const id of kept) for (let at = causeOf.get(id); at !== undefined; at = causeOf.get(at)) kept.add(at);
  return findings.filter(({ id }) => kept.has(id));
}

function fitsOf(world: World, { kinds, selector, severity, sinceMs }: Selection): (finding: Finding) => boolean {
  const wanted = kinds === undefined ? undefined : new Set(kinds);
  const terms = selector === undefined ? undefined : parseSelector(selector);
  const worst = severity === undefined ? severities.length : severities.indexOf(severity);
  return (finding) => {
    if (severities.indexOf(finding.severity) > worst) return false;
    const refs = [finding, ...finding.objects, ...finding.owner];
    if (wanted !== undefined && !refs.some(({ kind }) => wanted.has(kind))) return false;
    if (sinceMs !== undefined && lastSeen(finding) < world.now - sinceMs) return false;
    // In one namespace, what belongs to the whole cluster is of interest where it explains something in it.
    const isElsewhere = finding.namespace === undefined && !(finding.kind === 'Namespace' && finding.name === world.namespace);
    if (world.namespace !== undefined && isElsewhere && wanted === undefined) return false;
    return terms === undefined || refs.some((ref) => terms(world.find(ref)?.labels ?? {}));
  };
}

/** The time of the latest sign of a finding; one without any is present. */
function lastSeen({ since, evidence }: Finding): number {
  const times = [since, ...evidence.map(({ seenAt }) => seenAt)].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return times.length === 0 ? Infinity : Math.max(...times);
}

const maxSelectorLength = 2_000;

/** Reads `a=b,c!=d,e in (f,g),h,!i`. Throws RangeError, which names what is not understood. */
export function parseSelector(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  if (text.length > maxSelectorLength)
    throw new RangeError(`a label selector has at most ${maxSelectorLength} characters, not ${text.length}`);
  const terms = text.match(/[^,(]+(?:\([^)]*\))?|[^,\s]+/g) ?? [];
  const expressions = terms.map((term) => toExpression(term.trim()));
  return (labels) => expressions.every((expression) => matchesExpression(labels, expression));
}

function toExpression(term: string): Readonly<Record<string, unknown>> {
  const equal = /^([\w./-]+)\s*(!=|==?)\s*([\w.-]*)$/.exec(term);
  if (equal !== null) return { key: equal[1], operator: equal[2] === '!=' ? 'NotIn' : 'In', values: [equal[3]] };
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    return { key: set[1], operator: set[2] === 'in' ? 'In' : 'NotIn', values: (set[3] ?? '').split(',').map((value) => value.trim()) };
  }
  const exists = /^(!?)\s*([\w./-]+)$/.exec(term);
  if (exists !== null) return { key: exists[2], operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists' };
  throw new RangeError(`${JSON.stringify(term)} is no term of a label selector: write app=web, app!=web, app in (a,b), app or !app`);
}
