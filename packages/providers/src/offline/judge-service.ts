import type { Finding } from './cause.ts';
import { parseLabels, type Row } from './table.ts';
import type { PodRow } from './workload.ts';

/** A service that no ready pod stands behind, where that is the service's own fault. */
export function judgeService(service: Row, slices: readonly Row[], pods: readonly PodRow[]): Finding | undefined {
  const [namespace = '', name = ''] = [service.get('NAMESPACE'), service.get('NAME')];
  const selector = parseLabels(service.get('SELECTOR'));
  if (selector.size === 0 || service.get('TYPE') === 'ExternalName') return undefined;
  const mine = slices.filter((slice) => slice.get('SERVICE') === name && slice.get('NAMESPACE') === namespace);
  if (mine.some((slice) => (slice.get('READY') ?? '').includes('true'))) return undefined;
  const here = pods.filter((pod) => pod.namespace === namespace);
  if (here.some((pod) => matches(selector, pod.labels))) return undefined; // its pods have a finding of their own
  const near = nearest(selector, here);
  const object = `service/${name} (${namespace})`;
  const wanted = written(selector);
  if (near === undefined) return { object, mentions: [], cause: { type: 'endpoints', facts: { selector: wanted } }, evidence: [] };
  const patch = JSON.stringify({ spec: { selector: Object.fromEntries(near.labels) } });
  return {
    object,
    mentions: [near.pod.name],
    cause: { type: 'selector', facts: { selector: wanted, near: written(near.labels) } },
    evidence: [`${near.pod.name}: ${written(near.pod.labels)}`],
    fix: `kubectl patch service ${name} -n ${namespace} -p '${patch}'`,
  };
}

function matches(selector: ReadonlyMap<string, string>, labels: ReadonlyMap<string, string>): boolean {
  return [...selector].every(([key, value]) => labels.get(key) === value);
}

interface Near {
  readonly pod: PodRow;
  /** The selector's keys with the pod's values. */
  readonly labels: ReadonlyMap<string, string>;
}

/** The pod whose labels differ least from a selector: the same keys, and values that are a slip of the hand away. */
function nearest(selector: ReadonlyMap<string, string>, pods: readonly PodRow[]): Near | undefined {
  const scored = pods
    .filter(({ labels }) => [...selector.keys()].every((key) => labels.has(key)))
    .map((pod) => ({ pod, distance: [...selector].reduce((sum, [key, value]) => sum + distance(value, pod.labels.get(key) ?? ''), 0) }))
    .toSorted((a, b) => a.distance - b.distance);
  const best = scored[0];
  const length = [...selector.values()].join('').length;
  if (best === undefined || best.distance > Math.max(3, length / 2)) return undefined;
  return { pod: best.pod, labels: new Map([...selector.keys()].map((key) => [key, best.pod.labels.get(key) ?? ''])) };
}

/** Letters that one word has and the other has not: cheap, and enough to tell a slip from another name. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  const rest = Array.from(b);
  let missing = 0;
  for (const letter of a) {
    const at = rest.indexOf(letter);
    if (at === -1) missing += 1;
    else rest.splice(at, 1);
  }
  return Math.max(1, missing + rest.length);
}

function written(labels: ReadonlyMap<string, string>): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(',');
}
