import { forbidden } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, Api } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, written } from '../json.ts';

const isNewPod = ({ operation, resource, subresource }: AdmissionRequest): boolean =>
  operation === 'create' && resource.storage === 'pods' && subresource === undefined;

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A pod runs as a service account and gets its token. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  mutate(request, api) {
    if (!isNewPod(request)) return;
    const spec = asMap(request.object.spec);
    const name = asText(spec.serviceAccountName) || 'default';
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    const account = api.find('serviceaccounts', name, request.namespace);
    if (!account)
      throw forbidden(
        request.resource,
        request.name,
        `error looking up service account ${request.namespace}/${name}: serviceaccount "${name}" not found`,
      );
    const secrets = asList(account.imagePullSecrets);
    if (asList(spec.imagePullSecrets).length === 0 && secrets.length > 0) spec.imagePullSecrets = [...secrets];
    if (
      spec.automountServiceAccountToken === false ||
      (spec.automountServiceAccountToken === undefined && account.automountServiceAccountToken === false)
    )
      return;
    mountToken(spec, api);
  },
};

function mountToken(spec: JsonMap, api: Api): void {
  const volumes = asMaps(spec.volumes);
  const existing = volumes.find((volume) => asText(volume.name).startsWith('kube-api-access-'));
  const name = existing ? asText(existing.name) : `kube-api-access-${api.random.suffix(5)}`;
  let used = false;
  for (const container of [...asMaps(spec.initContainers), ...asMaps(spec.containers)]) {
    const mounts = asMaps(container.volumeMounts);
    if (mounts.some(({ mountPath }) => mountPath === tokenPath)) continue;
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath: tokenPath }];
    used = true;
  }
  if (!used || existing) return;
  spec.volumes = [
    ...volumes,
    {
      name,
      projected: {
        defaultMode: 420,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
        ],
      },
    },
  ];
}

/** A pod gets the priority of its class, or of the default one. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  mutate(request, api) {
    if (!isNewPod(request)) return;
    const spec = asMap(request.object.spec);
    const classes = api.list('priorityclasses.scheduling.k8s.io');
    const named = asText(spec.priorityClassName);
    const found =
      named === '' ? classes.find(({ globalDefault }) => globalDefault === true) : classes.find(({ metadata }) => metadata.name === named);
    if (named !== '' && !found) throw forbidden(request.resource, request.name, `no PriorityClass with name ${named} was found`);
    if (found) spec.priorityClassName = found.metadata.name;
    const computed = found?.value ?? 0;
    if (spec.priority !== undefined && spec.priority !== computed)
      throw forbidden(
        request.resource,
        request.name,
        `the integer value of priority (${written(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${written(computed)} from the given PriorityClass name`,
      );
    spec.priority = computed;
    spec.preemptionPolicy = found?.preemptionPolicy ?? 'PreemptLowerPriority';
  },
};

/** A pod of a class of runtimes gets what the class needs more; without one it may not say so itself. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  mutate(request, api) {
    if (!isNewPod(request)) return;
    const spec = asMap(request.object.spec);
    const refuse = (detail: string): Error => forbidden(request.resource, request.name, `pod rejected: ${detail}`);
    const name = asText(spec.runtimeClassName);
    if (name === '') {
      if (spec.overhead !== undefined) throw refuse('Pod Overhead set without corresponding RuntimeClass defined Overhead');
      return;
    }
    const found = api.find('runtimeclasses.node.k8s.io', name);
    if (!found) throw refuse(`RuntimeClass "${name}" not found`);
    const overhead = asMap(found.overhead).podFixed;
    if (overhead !== undefined) spec.overhead = overhead;
    const { nodeSelector, tolerations } = asMap(found.scheduling);
    if (nodeSelector !== undefined) spec.nodeSelector = { ...asMap(spec.nodeSelector), ...asMap(nodeSelector) };
    if (tolerations !== undefined) spec.tolerations = [...asList(spec.tolerations), ...asList(tolerations)];
  },
};

const waits = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** A pod stays for five minutes on a node that is not ready or can't be reached. */
export const defaultTolerations: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  mutate(request) {
    const { operation, resource, subresource } = request;
    if (operation === 'delete' || resource.storage !== 'pods' || subresource !== undefined) return;
    const spec = asMap(request.object.spec);
    const tolerations = asMaps(spec.tolerations);
    const tolerated = (key: string): boolean =>
      tolerations.some(
        (entry) => (entry.key === key || asText(entry.key) === '') && (asText(entry.effect) === '' || entry.effect === 'NoExecute'),
      );
    const added = waits
      .filter((key) => !tolerated(key))
      .map((key): JsonMap => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));
    if (added.length > 0) spec.tolerations = [...tolerations, ...added];
  },
};

/** A pod that is bound to a node learns in which zone and region it is. */
export const topologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  mutate({ resource, subresource, object }, api) {
    if (resource.storage !== 'pods' || subresource !== 'binding') return;
    copyTopology(object, api);
  },
};

function copyTopology(pod: KubeObject, api: Api): void {
  const node = api.find('nodes', asText(asMap(pod.spec).nodeName));
  const labels = node?.metadata.labels ?? {};
  for (const key of ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']) {
    if (labels[key] !== undefined) pod.metadata.labels = { ...pod.metadata.labels, [key]: labels[key] };
  }
}
