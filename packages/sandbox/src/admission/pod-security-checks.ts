// The checks of the Pod Security Standards, in the order and words of the admission controller.
import type { JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, written } from '../json.ts';

interface Pod {
  readonly metadata: JsonMap;
  readonly spec: JsonMap;
}

type Check = (pod: Pod, containers: readonly JsonMap[]) => string | undefined;

const security = (container: JsonMap): JsonMap => asMap(container.securityContext);
const quoted = (list: readonly string[]): string => list.map((text) => JSON.stringify(text)).join(', ');
const names = (containers: readonly JsonMap[]): string[] => containers.map(({ name }) => asText(name));

/** `container "a"` or `containers "a", "b"`, and a verb in the same number. */
function named(containers: readonly JsonMap[], one = '', many = one): string {
  const plural = containers.length > 1;
  return `container${plural ? 's' : ''} ${quoted(names(containers))}${one === '' ? '' : ` ${plural ? many : one}`}`;
}

const bad = (containers: readonly JsonMap[], test: (container: JsonMap) => boolean): readonly JsonMap[] => containers.filter(test);

const baselineCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);

const added = (container: JsonMap): string[] => asList(at(security(container), 'capabilities', 'add')).map(asText);

const allowPrivilegeEscalation: Check = (_pod, containers) => {
  const found = bad(containers, (container) => security(container).allowPrivilegeEscalation !== false);
  return found.length > 0
    ? `allowPrivilegeEscalation != false (${named(found)} must set securityContext.allowPrivilegeEscalation=false)`
    : undefined;
};

const unrestrictedCapabilities: Check = (_pod, containers) => {
  const undropped = bad(containers, (container) => !asList(at(security(container), 'capabilities', 'drop')).includes('ALL'));
  const adding = bad(containers, (container) => added(container).some((name) => name !== 'NET_BIND_SERVICE'));
  const parts = [
    ...(undropped.length > 0 ? [`${named(undropped)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [
          `${named(adding)} must not include ${quoted([...new Set(adding.flatMap(added).filter((name) => name !== 'NET_BIND_SERVICE'))].sort())} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  return parts.length > 0 ? `unrestricted capabilities (${parts.join('; ')})` : undefined;
};

const nonDefaultCapabilities: Check = (_pod, containers) => {
  const found = bad(containers, (container) => added(container).some((name) => !baselineCapabilities.has(name)));
  const which = [...new Set(found.flatMap(added).filter((name) => !baselineCapabilities.has(name)))].sort();
  return found.length > 0
    ? `non-default capabilities (${named(found)} must not include ${quoted(which)} in securityContext.capabilities.add)`
    : undefined;
};

const hostNamespaces: Check = ({ spec }) => {
  const found = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field] === true);
  return found.length > 0 ? `host namespaces (${found.map((field) => `${field}=true`).join(', ')})` : undefined;
};

const hostPathVolumes: Check = ({ spec }) => {
  const found = asMaps(spec.volumes).filter(({ hostPath }) => hostPath !== undefined);
  return found.length > 0 ? `hostPath volumes (volume${found.length > 1 ? 's' : ''} ${quoted(names(found))})` : undefined;
};

const hostPorts: Check = (_pod, containers) => {
  const portsOf = (container: JsonMap): string[] =>
    asMaps(container.ports)
      .map(({ hostPort }) => written(hostPort ?? 0))
      .filter((port) => port !== '0');
  const found = bad(containers, (container) => portsOf(container).length > 0);
  const ports = [...new Set(found.flatMap(portsOf))];
  return found.length > 0
    ? `hostPort (${named(found, 'uses', 'use')} hostPort${ports.length > 1 ? 's' : ''} ${ports.join(', ')})`
    : undefined;
};

const privileged: Check = (_pod, containers) => {
  const found = bad(containers, (container) => security(container).privileged === true);
  return found.length > 0 ? `privileged (${named(found)} must not set securityContext.privileged=true)` : undefined;
};

const volumeKinds = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const restrictedVolumes: Check = ({ spec }) => {
  const kind = (volume: JsonMap): string => Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir';
  const found = asMaps(spec.volumes).filter((volume) => !volumeKinds.has(kind(volume)));
  const kinds = [...new Set(found.map(kind))].sort();
  return found.length > 0
    ? `restricted volume types (volume${found.length > 1 ? 's' : ''} ${quoted(names(found))} ${found.length > 1 ? 'use' : 'uses'} restricted volume type${kinds.length > 1 ? 's' : ''} ${quoted(kinds)})`
    : undefined;
};

const runAsNonRoot: Check = ({ spec }, containers) => {
  const pod = asMap(spec.securityContext).runAsNonRoot;
  const forced = bad(containers, (container) => security(container).runAsNonRoot === false);
  if (forced.length > 0) return `runAsNonRoot != true (${named(forced)} must not set securityContext.runAsNonRoot=false)`;
  const unset = bad(containers, (container) => security(container).runAsNonRoot === undefined);
  if (pod === true || unset.length === 0) return undefined;
  return `runAsNonRoot != true (pod or ${named(unset)} must set securityContext.runAsNonRoot=true)`;
};

const runAsRoot: Check = ({ spec }, containers) => {
  const found = bad(containers, (container) => security(container).runAsUser === 0);
  const pod = asMap(spec.securityContext).runAsUser === 0;
  if (!pod && found.length === 0) return undefined;
  const who = [...(pod ? ['pod'] : []), ...(found.length > 0 ? [named(found)] : [])].join(' and ');
  return `runAsUser=0 (${who} must not set runAsUser=0)`;
};

const seccompProfile: Check = ({ spec }, containers) => {
  const allowed = (profile: JsonMap[string]): boolean => profile === 'RuntimeDefault' || profile === 'Localhost';
  const pod = at(spec.securityContext, 'seccompProfile', 'type');
  const unset = bad(containers, (container) => at(container, 'securityContext', 'seccompProfile', 'type') === undefined);
  const wrong = bad(containers, (container) => {
    const type = at(container, 'securityContext', 'seccompProfile', 'type');
    return type !== undefined && !allowed(type);
  });
  if (wrong.length > 0) return `seccompProfile (${named(wrong)} must not set securityContext.seccompProfile.type to "Unconfined")`;
  if (allowed(pod) || unset.length === 0) return undefined;
  return `seccompProfile (pod or ${named(unset)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`;
};

const unconfined: Check = ({ spec }, containers) => {
  const found = bad(containers, (container) => at(container, 'securityContext', 'seccompProfile', 'type') === 'Unconfined');
  const pod = at(spec.securityContext, 'seccompProfile', 'type') === 'Unconfined';
  if (!pod && found.length === 0) return undefined;
  const who = [...(pod ? ['pod'] : []), ...(found.length > 0 ? [named(found)] : [])].join(' and ');
  return `seccompProfile (${who} must not set securityContext.seccompProfile.type to "Unconfined")`;
};

const baseline: readonly Check[] = [hostNamespaces, hostPathVolumes, hostPorts, privileged, nonDefaultCapabilities, unconfined];
// Checks of the restricted level replace those of the baseline that they contain.
const restricted: readonly Check[] = [
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  allowPrivilegeEscalation,
  unrestrictedCapabilities,
  restrictedVolumes,
  runAsNonRoot,
  runAsRoot,
  seccompProfile,
];

/** What a pod does that a level does not allow; none for one that is fine. */
export function podViolations(pod: Pod, level: 'baseline' | 'restricted'): string[] {
  const containers = [...asMaps(pod.spec.initContainers), ...asMaps(pod.spec.containers), ...asMaps(pod.spec.ephemeralContainers)];
  return (level === 'baseline' ? baseline : restricted).flatMap((check) => check(pod, containers) ?? []);
}
