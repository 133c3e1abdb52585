import type { KubeObject } from '../../api/object.ts';
import { specOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asMaps, asText } from '../../json.ts';

function tolerates(toleration: JsonMap, taint: JsonMap): boolean {
  if (asText(toleration.effect) !== '' && toleration.effect !== taint.effect) return false;
  if (asText(toleration.key) !== '' && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return asText(toleration.key) !== '' && asText(toleration.value) === asText(taint.value);
}

/** The first taint of a node with one of these effects that a pod does not tolerate. */
export function untolerated(podSpec: JsonMap, node: KubeObject, effects: readonly string[]): JsonMap | undefined {
  const tolerations = asMaps(podSpec.tolerations);
  const taints = asMaps(specOf(node).taints).filter((taint) => effects.includes(asText(taint.effect)));
  return taints.find((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
}
