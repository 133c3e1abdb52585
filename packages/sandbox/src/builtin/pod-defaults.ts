import type { JsonMap } from '../json.ts';
import { asMaps, asText, at, isMap } from '../json.ts';

/** Sets a field that is not there. */
export function fill(target: JsonMap, field: string, value: JsonMap[string]): void {
  if (target[field] === undefined || target[field] === null || target[field] === '') target[field] = value;
}

/** The child object under a key, made where there is none. */
export function child(target: JsonMap, field: string): JsonMap {
  const existing = target[field];
  if (isMap(existing)) return existing;
  const made: JsonMap = {};
  target[field] = made;
  return made;
}

/** The image's tag: what stands after the last colon of the last part; `latest` where there is neither tag nor digest. */
function tagOf(image: string): string {
  if (image.includes('@')) return '';
  return image.slice(image.lastIndexOf('/') + 1).split(':')[1] ?? 'latest';
}

function probe(target: JsonMap): void {
  fill(target, 'timeoutSeconds', 1);
  fill(target, 'periodSeconds', 10);
  fill(target, 'successThreshold', 1);
  fill(target, 'failureThreshold', 3);
  handler(target);
}

function handler(target: JsonMap): void {
  if (isMap(target.httpGet)) {
    fill(target.httpGet, 'path', '/');
    fill(target.httpGet, 'scheme', 'HTTP');
  }
  if (isMap(target.grpc)) fill(target.grpc, 'service', '');
}

function container(target: JsonMap): void {
  fill(target, 'terminationMessagePath', '/dev/termination-log');
  fill(target, 'terminationMessagePolicy', 'File');
  fill(target, 'imagePullPolicy', tagOf(asText(target.image)) === 'latest' ? 'Always' : 'IfNotPresent');
  for (const port of asMaps(target.ports)) fill(port, 'protocol', 'TCP');
  for (const variable of asMaps(target.env)) {
    const fieldRef = at(variable, 'valueFrom', 'fieldRef');
    if (isMap(fieldRef)) fill(fieldRef, 'apiVersion', 'v1');
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const found = target[name];
    if (isMap(found)) probe(found);
  }
  for (const name of ['postStart', 'preStop']) {
    const found = at(target, 'lifecycle', name);
    if (isMap(found)) handler(found);
  }
}

function volume(target: JsonMap): void {
  if (Object.keys(target).every((key) => key === 'name')) target.emptyDir = {};
  for (const name of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const source = target[name];
    if (isMap(source)) fill(source, 'defaultMode', 420);
  }
  if (isMap(target.hostPath) && target.hostPath.type === undefined) target.hostPath.type = '';
  for (const source of asMaps(at(target, 'projected', 'sources'))) {
    if (isMap(source.serviceAccountToken)) fill(source.serviceAccountToken, 'expirationSeconds', 3600);
    items(source.downwardAPI);
  }
  items(target.downwardAPI);
  const claim = at(target, 'ephemeral', 'volumeClaimTemplate', 'spec');
  if (isMap(claim)) fill(claim, 'volumeMode', 'Filesystem');
}

function items(source: JsonMap[string]): void {
  for (const item of asMaps(at(source, 'items'))) if (isMap(item.fieldRef)) fill(item.fieldRef, 'apiVersion', 'v1');
}

/** All containers of a pod's spec. */
export function containersOf(spec: JsonMap): JsonMap[] {
  return [...asMaps(spec.initContainers), ...asMaps(spec.containers), ...asMaps(spec.ephemeralContainers)];
}

/** Defaults of a pod's spec, also in a template. Edits it. */
export function defaultPodSpec(spec: JsonMap): void {
  fill(spec, 'dnsPolicy', 'ClusterFirst');
  fill(spec, 'restartPolicy', 'Always');
  fill(spec, 'terminationGracePeriodSeconds', 30);
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
  fill(spec, 'schedulerName', 'default-scheduler');
  if (!isMap(spec.securityContext)) spec.securityContext = {};
  const account = asText(spec.serviceAccountName) || asText(spec.serviceAccount);
  if (account !== '') {
    spec.serviceAccountName = account;
    spec.serviceAccount = account;
  }
  for (const entry of asMaps(spec.volumes)) volume(entry);
  for (const entry of containersOf(spec)) container(entry);
  if (spec.hostNetwork === true) {
    for (const entry of containersOf(spec)) for (const port of asMaps(entry.ports)) fill(port, 'hostPort', port.containerPort);
  }
}

/** Defaults of a Pod that a template does not get. Edits it. */
export function defaultPod(pod: JsonMap): void {
  const spec = child(pod, 'spec');
  fill(spec, 'enableServiceLinks', true);
  for (const entry of containersOf(spec)) {
    const limits = at(entry, 'resources', 'limits');
    if (!isMap(limits)) continue;
    const requests = child(child(entry, 'resources'), 'requests');
    for (const name of Object.keys(limits)) fill(requests, name, limits[name]);
  }
}

/** Defaults of a pod template. Edits it. */
export function defaultTemplate(template: JsonMap): void {
  child(template, 'metadata');
  defaultPodSpec(child(template, 'spec'));
}
