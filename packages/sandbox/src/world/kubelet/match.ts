import type { KubeObject } from '../../api/object.ts';
import { namespaceOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asList, asMap, asMaps, asText } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import type { WorldContext } from '../context.ts';
import type { Behaviour, When } from './behaviour.ts';
import { plainBehaviour } from './behaviour.ts';

/** Whether a text matches a glob; `*` stands for any characters. */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split('*');
  if (parts.length === 1) return glob === text;
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
}

/** A container in its pod with its environment. */
export interface Situation {
  readonly pod: KubeObject;
  readonly container: JsonMap;
  readonly env: ReadonlyMap<string, string>;
}

function hasEndpoint({ api, cache }: WorldContext, namespace: string, service: string): boolean {
  const object = api.find('services', service, namespace);
  const slices = object ? cache.controlled('endpointslices.discovery.k8s.io', object.metadata.uid ?? '') : [];
  return slices.some((slice) => asMaps(slice.endpoints).some((endpoint) => asMap(endpoint.conditions).ready === true));
}

/** Whether the conditions of a rule hold now. */
export function holds(context: WorldContext, when: When, { pod, container, env }: Situation): boolean {
  for (const [name, glob] of when.env) if (!matchesGlob(glob, env.get(name) ?? '')) return false;
  if (when.memoryLimitBelow !== undefined) {
    const limit = parseQuantity(asText(asMap(asMap(container.resources).limits).memory));
    if (limit === undefined || Number(limit) / 1e9 >= when.memoryLimitBelow) return false;
  }
  for (const [kind, glob] of when.probe) {
    const path = asText(asMap(asMap(container[`${kind}Probe`]).httpGet).path);
    if (!matchesGlob(glob, path)) return false;
  }
  for (const [service, wanted] of when.endpoints) if (hasEndpoint(context, namespaceOf(pod), service) !== wanted) return false;
  return true;
}

/** The behaviour of a container: that of the first rule that matches. */
export function behaviourOf(context: WorldContext, rules: readonly Behaviour[], situation: Situation): Behaviour {
  const image = asText(situation.container.image);
  return rules.find((rule) => matchesGlob(rule.image, image) && holds(context, rule.when, situation)) ?? plainBehaviour;
}

/** Whether the image of a container is missing in its registry, whatever its environment. */
export function isMissing(rules: readonly Behaviour[], image: string): boolean {
  return (
    rules.find(
      (rule) =>
        matchesGlob(rule.image, image) && (rule.missing || rule.when.env.size + rule.when.probe.size + rule.when.endpoints.size === 0),
    )?.missing ?? false
  );
}

/** The container's ports by name. */
export function namedPort(container: JsonMap, port: JsonMap[string]): number {
  if (typeof port === 'number') return port;
  for (const each of asList(container.ports)) if (asMap(each).name === port) return Number(asMap(each).containerPort);
  return Number(port) || 0;
}
