import type { KubeObject } from '../../api/object.ts';
import { nameOf, namespaceOf, specOf, statusOf } from '../../api/object.ts';
import type { Api } from '../../api/types.ts';
import type { JsonMap } from '../../json.ts';
import { asMap, asMaps, asText, at } from '../../json.ts';
import { texts } from '../pods.ts';

/** The environment of a container, or why it can't be made. */
export type Environment =
  | { readonly type: 'ready'; readonly env: ReadonlyMap<string, string> }
  | { readonly type: 'broken'; readonly message: string };

/** The data of a ConfigMap or a Secret, decoded; undefined where there is none. */
function dataOf(api: Api, kind: 'configmaps' | 'secrets', name: string, namespace: string): Map<string, string> | undefined {
  const object = api.find(kind, name, namespace);
  if (!object) return undefined;
  const data = new Map(Object.entries(texts(object.data)));
  if (kind === 'secrets') for (const [key, value] of data) data.set(key, Buffer.from(value, 'base64').toString());
  return data;
}

const notFound = (kind: 'configmaps' | 'secrets', name: string): string =>
  `${kind === 'configmaps' ? 'configmap' : 'secret'} "${name}" not found`;

function fieldOf(pod: KubeObject, path: string): string {
  const key = path.match(/^metadata\.(labels|annotations)\['(.*)'\]$/);
  if (key) return asText(at(pod, 'metadata', key[1] ?? '', key[2] ?? ''));
  return asText(at(pod, ...path.split('.')));
}

/** Replaces `$(NAME)` by what is known so far. */
function expand(text: string, env: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\(([^)]+)\)/g, (whole, name: string) => env.get(name) ?? whole);
}

/** The environment variables of a container, resolved as a kubelet does it at its start. */
export function resolveEnvironment(api: Api, pod: KubeObject, container: JsonMap): Environment {
  const namespace = namespaceOf(pod);
  const env = new Map<string, string>();
  for (const source of asMaps(container.envFrom)) {
    for (const [kind, field] of [
      ['configmaps', 'configMapRef'],
      ['secrets', 'secretRef'],
    ] as const) {
      const reference = asMap(source[field]);
      const name = asText(reference.name);
      if (name === '') continue;
      const data = dataOf(api, kind, name, namespace);
      if (!data && reference.optional !== true) return { type: 'broken', message: notFound(kind, name) };
      for (const [key, value] of data ?? []) env.set(`${asText(source.prefix)}${key}`, value);
    }
  }
  for (const variable of asMaps(container.env)) {
    const name = asText(variable.name);
    const from = asMap(variable.valueFrom);
    if (variable.valueFrom === undefined) env.set(name, expand(asText(variable.value), env));
    else if (from.fieldRef !== undefined)
      env.set(name, fieldOf({ ...pod, status: statusOf(pod), spec: specOf(pod) }, asText(asMap(from.fieldRef).fieldPath)));
    for (const [kind, field] of [
      ['configmaps', 'configMapKeyRef'],
      ['secrets', 'secretKeyRef'],
    ] as const) {
      const reference = asMap(from[field]);
      const object = asText(reference.name);
      const key = asText(reference.key);
      if (key === '') continue;
      const data = dataOf(api, kind, object, namespace);
      const value = data?.get(key);
      if (value !== undefined) env.set(name, value);
      else if (reference.optional !== true) {
        return {
          type: 'broken',
          message: data
            ? `couldn't find key ${key} in ${kind === 'configmaps' ? 'ConfigMap' : 'Secret'} ${namespace}/${object}`
            : notFound(kind, object),
        };
      }
    }
  }
  return { type: 'ready', env };
}

/** Why a pod's volumes can't be mounted yet: the volume and the reason; undefined where they can. */
export function volumeTrouble(api: Api, pod: KubeObject): { readonly volume: string; readonly message: string | undefined } | undefined {
  const namespace = namespaceOf(pod);
  for (const volume of asMaps(specOf(pod).volumes)) {
    const name = asText(volume.name);
    const sources = [volume, ...asMaps(asMap(volume.projected).sources)];
    for (const source of sources) {
      const map = asMap(source.configMap);
      const secret = asMap(source.secret);
      const missing =
        missingSource(api, map, { kind: 'configmaps', name: asText(map.name), namespace }) ??
        missingSource(api, secret, { kind: 'secrets', name: asText(secret.secretName) || asText(secret.name), namespace });
      if (missing !== undefined) return { volume: name, message: missing };
    }
    const claim = asText(asMap(volume.persistentVolumeClaim).claimName);
    const found = claim === '' ? undefined : api.find('persistentvolumeclaims', claim, namespace);
    if (claim !== '' && asMap(found?.status).phase !== 'Bound') return { volume: name, message: undefined };
  }
  return undefined;
}

function missingSource(
  api: Api,
  source: JsonMap,
  { kind, name, namespace }: { readonly kind: 'configmaps' | 'secrets'; readonly name: string; readonly namespace: string },
): string | undefined {
  if (name === '' || source.optional === true) return undefined;
  const data = dataOf(api, kind, name, namespace);
  if (!data) return notFound(kind, name);
  const binary = asMap(api.find(kind, name, namespace)?.binaryData);
  const lacking = asMaps(source.items).find((item) => !data.has(asText(item.key)) && binary[asText(item.key)] === undefined);
  return lacking ? `references non-existent config key: ${asText(lacking.key)}` : undefined;
}

/** A text with `{NAME}` replaced by environment variables and by what is known of the pod. */
export function fillIn(text: string, pod: KubeObject, env: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
    if (name === 'pod') return nameOf(pod);
    if (name === 'ip') return asText(statusOf(pod).podIP);
    return env.get(name) ?? whole;
  });
}
