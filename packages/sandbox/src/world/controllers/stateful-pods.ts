import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf } from '../../api/object.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asText, clone } from '../../json.ts';
import type { WorldContext } from '../context.ts';
import { controllerManager } from '../context.ts';
import { podOf, texts } from '../pods.ts';

/** The number at the end of a pod's name, -1 for none. */
export function ordinalOf(pod: KubeObject): number {
  const match = nameOf(pod).match(/-(\d+)$/);
  return match ? Number(match[1]) : -1;
}

/** The names of a pod's claims by the name of their volume. */
function claimNames(set: KubeObject, ordinal: number): ReadonlyMap<string, string> {
  return new Map(
    asMaps(specOf(set).volumeClaimTemplates).map((template) => {
      const name = asText(asMap(template.metadata).name);
      return [name, `${name}-${nameOf(set)}-${ordinal}`];
    }),
  );
}

/** Creates the claims that a pod lacks, and the pod; with an event for each. */
export function createStatefulPod({ api, events }: WorldContext, set: KubeObject, revision: KubeObject, ordinal: number): KubeObject {
  const name = `${nameOf(set)}-${ordinal}`;
  const claims = claimNames(set, ordinal);
  const say = (message: string): void =>
    events.record({ object: set, type: 'Normal', reason: 'SuccessfulCreate', message, component: 'statefulset-controller' });
  for (const template of asMaps(specOf(set).volumeClaimTemplates)) {
    const claim = claims.get(asText(asMap(template.metadata).name)) ?? '';
    if (api.find('persistentvolumeclaims', claim, namespaceOf(set))) continue;
    const metadata = asMap(template.metadata);
    const labels = { ...texts(metadata.labels), ...texts(asMap(asMap(specOf(set).selector).matchLabels)) };
    const annotations = texts(metadata.annotations);
    api.create(
      'persistentvolumeclaims',
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: claim, namespace: namespaceOf(set), labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
        spec: clone(asMap(template.spec)),
      },
      { fieldManager: controllerManager },
    );
    say(`Create Claim ${claim} Pod ${name} in StatefulSet ${nameOf(set)} success`);
  }
  const { $patch: _, ...template } = asMap(asMap(asMap(revision.data).spec).template);
  const pod = podOf(set, template, {
    name,
    labels: {
      'statefulset.kubernetes.io/pod-name': name,
      'controller-revision-hash': nameOf(revision),
      'apps.kubernetes.io/pod-index': String(ordinal),
    },
  });
  if (!pod.metadata.labels) pod.metadata.labels = {};
  const spec = asMap(pod.spec);
  const volumes = asMaps(spec.volumes).filter((volume) => !claims.has(asText(volume.name)));
  const claimed = [...claims].map(([volume, claimName]): JsonMap => ({ name: volume, persistentVolumeClaim: { claimName } }));
  if (claimed.length + volumes.length > 0) spec.volumes = [...claimed, ...volumes];
  spec.hostname = name;
  spec.subdomain = asText(specOf(set).serviceName);
  const created = api.create('pods', { ...pod, spec }, { fieldManager: controllerManager });
  say(`Create Pod ${name} in StatefulSet ${nameOf(set)} successful`);
  return created;
}

/** Deletes a pod, with an event. */
export function deleteStatefulPod({ api, events }: WorldContext, set: KubeObject, pod: KubeObject): void {
  api.delete('pods', nameOf(pod), namespaceOf(pod));
  events.record({
    object: set,
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`,
    component: 'statefulset-controller',
  });
}
