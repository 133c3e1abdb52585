import type { AdmissionPlugin } from '../api/types.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, isMap } from '../json.ts';
import { dns1123LabelErrors } from '../validation/names.ts';

/** Where each kind keeps the template of its pods. */
const templates = new Map<string, readonly string[]>([
  ['Pod', []],
  ['PodTemplate', ['template']],
  ['Deployment', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

/** Kinds whose names become parts of the names of pods. */
const named = new Set(['Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob']);

const oldLabels = new Map([
  ['beta.kubernetes.io/arch', '"kubernetes.io/arch"'],
  ['beta.kubernetes.io/os', '"kubernetes.io/os"'],
  ['failure-domain.beta.kubernetes.io/region', '"topology.kubernetes.io/region"'],
  ['failure-domain.beta.kubernetes.io/zone', '"topology.kubernetes.io/zone"'],
]);

/** The words with which the server warns of what it accepts and nobody should want. */
export const usageWarnings: AdmissionPlugin = {
  name: 'UsageWarnings',
  validate({ operation, resource, object, old, subresource, warn }) {
    if (operation === 'delete' || resource.custom || subresource === 'status') return;
    const path = templates.get(resource.kind);
    if (!old && named.has(resource.kind)) nameWarnings(resource.kind, object.metadata.name ?? '').forEach(warn);
    if (path && !(resource.kind === 'Pod' && old)) {
      const template = path.length === 0 ? object : at(object, ...path);
      podWarnings(asMap(template), path.map((part) => `${part}.`).join('')).forEach(warn);
    }
    (kindWarnings[resource.kind]?.(object) ?? []).forEach(warn);
  },
};

function nameWarnings(kind: string, name: string): string[] {
  const problems = dns1123LabelErrors(name);
  if (problems.length === 0) return [];
  const place = kind === 'Pod' ? "the Pod's hostname" : 'Pod names and hostnames';
  const reason = `this is used in ${place}, which can result in surprising behavior; a DNS label is recommended`;
  return [`metadata.name: ${reason}: [${problems.join(' ')}]`];
}

/** What to say of an old label; nothing of others. */
function oldLabel(key: string, before: string): string[] {
  const instead = oldLabels.get(key);
  const since = key.startsWith('beta') ? 'v1.14' : 'v1.17';
  return instead ? [`${before} deprecated since ${since}; use ${instead} instead`] : [];
}

const criticalPod = 'scheduler.alpha.kubernetes.io/critical-pod';

function podWarnings(template: JsonMap, prefix: string): string[] {
  const spec = asMap(template.spec);
  const field = `${prefix}spec`;
  const labels = Object.keys(asMap(spec.nodeSelector)).flatMap((key) => oldLabel(key, `${field}.nodeSelector[${key}]:`));
  const spread = asMaps(spec.topologySpreadConstraints).flatMap((constraint, index) => {
    const path = `${field}.topologySpreadConstraints[${index}]`;
    const key = asText(constraint.topologyKey);
    return [
      ...oldLabel(key, `${path}.topologyKey: ${key} is`),
      ...(constraint.labelSelector === undefined ? [`${path}.labelSelector: a null labelSelector results in matching no pod`] : []),
    ];
  });
  const annotations =
    at(template.metadata, 'annotations', criticalPod) === undefined
      ? []
      : [`${prefix}metadata.annotations[${criticalPod}]: non-functional in v1.16+; use the "priorityClassName" field instead`];
  const lists = [
    ...twice(asMaps(spec.hostAliases), `${field}.hostAliases`, 'ip'),
    ...twice(asMaps(spec.imagePullSecrets), `${field}.imagePullSecrets`, 'name'),
  ];
  const repositories = asMaps(spec.volumes).flatMap((volume, index) =>
    isMap(volume.gitRepo) ? [`${field}.volumes[${index}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`] : [],
  );
  const containers = ['initContainers', 'containers'].flatMap((part) =>
    asMaps(spec[part]).flatMap((container, index) => containerWarnings(container, `${field}.${part}[${index}]`)),
  );
  return [...labels, ...spread, ...annotations, ...repositories, ...lists, ...containers];
}

/** Values that stand in a list again, or not at all. */
function twice(list: readonly JsonMap[], field: string, key: string): string[] {
  return list.flatMap((item, index) => {
    const value = asText(item[key]);
    if (value === '') return [`${field}[${index}].${key}: invalid empty ${key} ""`];
    const known = list.slice(0, index).some((other) => other[key] === item[key]);
    return known ? [`${field}[${index}].${key}: duplicate ${key} ${JSON.stringify(value)}`] : [];
  });
}

/** Parts of a byte that somebody asked for. */
function fractions(amounts: Json | undefined, field: string): string[] {
  return ['memory', 'ephemeral-storage', 'storage'].flatMap((name) => {
    const value = asText(asMap(amounts)[name]);
    return value.endsWith('m') ? [`${field}[${name}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`] : [];
  });
}

function containerWarnings(container: JsonMap, field: string): string[] {
  const seen = new Set<string>();
  const hidden = asMaps(container.env).flatMap(({ name }, index) => {
    const known = seen.has(asText(name));
    seen.add(asText(name));
    return known
      ? [`${field}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`]
      : [];
  });
  const parts = ['limits', 'requests'].flatMap((part) => fractions(at(container, 'resources', part), `${field}.resources.${part}`));
  return [...parts, ...hidden, ...portWarnings(asMaps(container.ports), `${field}.ports`)];
}

function portWarnings(ports: readonly JsonMap[], field: string): string[] {
  const key = ({ containerPort, hostPort, hostIP, protocol }: JsonMap): string =>
    JSON.stringify([containerPort, hostPort ?? 0, hostIP ?? '', protocol]);
  return ports.flatMap((port, index) => {
    const before = ports.findIndex((other) => key(other) === key(port));
    return before < index ? [`${field}[${index}]: duplicate port definition with ${field}[${before}]`] : [];
  });
}

const decoded = (object: JsonMap, key: string): string => Buffer.from(asText(asMap(object.data)[key]), 'base64').toString();

const kindWarnings: Readonly<Record<string, (object: JsonMap) => string[]>> = {
  Service(object) {
    const spec = asMap(object.spec);
    return [
      ...(asList(spec.externalIPs).length > 0 ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'] : []),
      ...(spec.clusterIP === 'None' && spec.sessionAffinity !== 'None' ? ['spec.SessionAffinity is ignored for headless services'] : []),
      ...(asText(spec.externalName) !== '' && spec.type !== 'ExternalName'
        ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
        : []),
    ];
  },
  Secret(object) {
    if (object.type !== 'kubernetes.io/tls') return [];
    if (!decoded(object, 'tls.crt').includes('-----BEGIN')) return ['tls: failed to find any PEM data in certificate input'];
    return decoded(object, 'tls.key').includes('-----BEGIN') ? [] : ['tls: failed to find any PEM data in key input'];
  },
  Ingress: (object) =>
    at(object, 'metadata', 'annotations', 'kubernetes.io/ingress.class') === undefined
      ? []
      : [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`],
  PersistentVolumeClaim: (object) => fractions(at(object, 'spec', 'resources', 'requests'), 'spec.resources.requests'),
  StorageClass: (object) =>
    asMaps(object.allowedTopologies).flatMap(({ matchLabelExpressions }, index) =>
      asMaps(matchLabelExpressions).flatMap(({ key }, number) =>
        oldLabel(asText(key), `allowedTopologies[${index}].matchLabelExpressions[${number}].key:`),
      ),
    ),
  PersistentVolume: (object) =>
    asMap(object.spec).persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : [],
};
