import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf } from '../../api/object.ts';
import { matchesSelector } from '../../api/selectors.ts';
import type { Json, JsonMap } from '../../json.ts';
import { asList, asMap, asMaps, asNumber, asText } from '../../json.ts';
import { texts } from '../pods.ts';

function meets(value: string | undefined, requirement: JsonMap): boolean {
  const values = asList(requirement.values).map(asText);
  switch (requirement.operator) {
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

/** Whether a node meets a term of node affinity: all its expressions and fields. */
export function meetsTerm(term: JsonMap, node: KubeObject): boolean {
  const expressions = asMaps(term.matchExpressions);
  const fields = asMaps(term.matchFields);
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((each) => meets(node.metadata.labels?.[asText(each.key)], each)) &&
    fields.every((each) => meets(each.key === 'metadata.name' ? nameOf(node) : undefined, each))
  );
}

/** Whether a node is one that the pod asks for by nodeSelector and required node affinity. */
export function matchesNode(podSpec: JsonMap, node: KubeObject): boolean {
  for (const [key, value] of Object.entries(texts(podSpec.nodeSelector))) if (node.metadata.labels?.[key] !== value) return false;
  const required = asMap(asMap(podSpec.affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || asMaps(asMap(required).nodeSelectorTerms).some((term) => meetsTerm(term, node));
}

/** The sum of the weights of the preferred terms that a node meets. */
export function preference(podSpec: JsonMap, node: KubeObject): number {
  const preferred = asMaps(asMap(asMap(podSpec.affinity).nodeAffinity).preferredDuringSchedulingIgnoredDuringExecution);
  return preferred.reduce((sum, { weight, preference: term }) => sum + (meetsTerm(asMap(term), node) ? asNumber(weight) : 0), 0);
}

/** Pods already placed, with the nodes they stand on. */
export interface Placed {
  readonly pod: KubeObject;
  readonly node: KubeObject;
}

function concerns(term: JsonMap, owner: KubeObject, other: KubeObject): boolean {
  const namespaces = asList(term.namespaces).map(asText);
  const everywhere = term.namespaceSelector !== undefined;
  const here = namespaces.length > 0 ? namespaces.includes(namespaceOf(other)) : everywhere || namespaceOf(other) === namespaceOf(owner);
  return here && matchesSelector(other.metadata.labels, term.labelSelector);
}

const terms = (pod: KubeObject, kind: 'podAffinity' | 'podAntiAffinity'): JsonMap[] =>
  asMaps(asMap(asMap(specOf(pod).affinity)[kind]).requiredDuringSchedulingIgnoredDuringExecution);

const sameDomain = (a: KubeObject, b: KubeObject, key: Json | undefined): boolean => {
  const label = a.metadata.labels?.[asText(key)];
  return label !== undefined && label === b.metadata.labels?.[asText(key)];
};

/** Why pod affinity forbids a node; undefined where it does not. */
export function affinityObstacle(pod: KubeObject, node: KubeObject, placed: readonly Placed[]): string | undefined {
  for (const term of terms(pod, 'podAffinity')) {
    const near = placed.some((other) => concerns(term, pod, other.pod) && sameDomain(node, other.node, term.topologyKey));
    const first = !placed.some((other) => concerns(term, pod, other.pod)) && concerns(term, pod, pod);
    if (!near && !first) return "node(s) didn't match pod affinity rules";
  }
  for (const term of terms(pod, 'podAntiAffinity')) {
    if (placed.some((other) => concerns(term, pod, other.pod) && sameDomain(node, other.node, term.topologyKey)))
      return "node(s) didn't match pod anti-affinity rules";
  }
  for (const other of placed) {
    if (
      terms(other.pod, 'podAntiAffinity').some((term) => concerns(term, other.pod, pod) && sameDomain(node, other.node, term.topologyKey))
    )
      return "node(s) didn't satisfy existing pods anti-affinity rules";
  }
  return undefined;
}

/** Why topologySpreadConstraints forbid a node; undefined where they do not. */
export function spreadObstacle(
  pod: KubeObject,
  node: KubeObject,
  nodes: readonly KubeObject[],
  placed: readonly Placed[],
): string | undefined {
  for (const constraint of asMaps(specOf(pod).topologySpreadConstraints)) {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue;
    const key = asText(constraint.topologyKey);
    const domain = node.metadata.labels?.[key];
    if (domain === undefined) return "node(s) didn't match pod topology spread constraints (missing required label)";
    const counts = new Map<string, number>();
    for (const each of nodes) {
      const label = each.metadata.labels?.[key];
      if (label !== undefined && matchesNode(specOf(pod), each)) counts.set(label, 0);
    }
    for (const other of placed) {
      const label = other.node.metadata.labels?.[key];
      if (
        label === undefined ||
        namespaceOf(other.pod) !== namespaceOf(pod) ||
        other.pod.metadata.deletionTimestamp ||
        !matchesSelector(other.pod.metadata.labels, constraint.labelSelector)
      )
        continue;
      if (counts.has(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    const self = matchesSelector(pod.metadata.labels, constraint.labelSelector) ? 1 : 0;
    const skew = (counts.get(domain) ?? 0) + self - Math.min(...counts.values());
    if (skew > asNumber(constraint.maxSkew, 1)) return "node(s) didn't match pod topology spread constraints";
  }
  return undefined;
}
