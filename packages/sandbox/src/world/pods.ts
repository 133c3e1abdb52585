import type { KubeObject, OwnerReference } from '../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../api/object.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asText, clone, equal } from '../json.ts';
import { conditionOf } from './conditions.ts';

/** True while a pod counts: it has not ended and is not being deleted. */
export function isActive(pod: KubeObject): boolean {
  return !isEnded(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** True for a pod that has Succeeded or Failed. */
export function isEnded(pod: KubeObject): boolean {
  const { phase } = statusOf(pod);
  return phase === 'Succeeded' || phase === 'Failed';
}

/** True for a pod whose condition Ready is True. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(statusOf(pod).conditions, 'Ready')?.status === 'True';
}

/** True for a pod that has been Ready for `seconds`. */
export function isAvailable(pod: KubeObject, seconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  return seconds === 0 || availableIn(pod, seconds, now) <= 0;
}

/** Milliseconds until a Ready pod has been so for `seconds`. */
export function availableIn(pod: KubeObject, seconds: number, now: number): number {
  const since = Date.parse(asText(conditionOf(statusOf(pod).conditions, 'Ready')?.lastTransitionTime));
  return since + seconds * 1000 - now;
}

/** The reference by which a controller owns what it makes. */
export function ownerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: nameOf(owner),
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A pod of a template, owned; its name is generated unless the metadata given says otherwise. */
export function podOf(owner: KubeObject, template: Json | undefined, metadata: JsonMap = {}): KubeObject {
  const { labels, annotations, finalizers } = asMap(asMap(template).metadata);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${nameOf(owner)}-`,
      namespace: namespaceOf(owner),
      ...(labels === undefined ? {} : { labels: { ...texts(labels), ...texts(metadata.labels) } }),
      ...(annotations === undefined && metadata.annotations === undefined
        ? {}
        : { annotations: { ...texts(annotations), ...texts(metadata.annotations) } }),
      ...(Array.isArray(finalizers) ? { finalizers: finalizers.map(asText) } : {}),
      ...withoutMaps(metadata),
      ownerReferences: [ownerReference(owner)],
    },
    spec: clone(asMap(asMap(template).spec)),
  };
}

function withoutMaps({ labels: _labels, annotations: _annotations, ...rest }: JsonMap): JsonMap {
  return rest;
}

/** A map of texts: what else stands in it is left out. */
export function texts(value: Json | undefined): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, item] of Object.entries(asMap(value))) if (typeof item === 'string') kept[key] = item;
  return kept;
}

/** The template without the label that a Deployment adds. */
function plainTemplate(template: Json | undefined): JsonMap {
  const { metadata, ...rest } = asMap(template);
  const { labels, ...others } = asMap(metadata);
  const { 'pod-template-hash': _hash, ...kept } = asMap(labels);
  return { ...rest, metadata: { ...others, labels: kept } };
}

/** True where two templates make the same pods. */
export function sameTemplate(a: Json | undefined, b: Json | undefined): boolean {
  return equal(plainTemplate(a), plainTemplate(b));
}

/** Whole number or per cent of a total; the way of rounding is the caller's. */
export function resolveIntOrPercent(value: Json | undefined, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const text = asText(value);
  return text.endsWith('%') ? round((Number(text.slice(0, -1)) * total) / 100) : Number(text) || 0;
}

/** The owner's template, selector and number of replicas. */
export function replicasOf(object: KubeObject): number {
  const { replicas } = specOf(object);
  return typeof replicas === 'number' ? replicas : 1;
}
