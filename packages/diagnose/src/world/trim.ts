import { X509Certificate, createPrivateKey } from 'node:crypto';
import { certificatesOf } from './certificates.ts';
import { fieldsAt, isFields, listAt, textAt, valueAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { kindSources } from './kinds.ts';

/** Takes from an item of a list what no condition looks at, before anybody keeps it. */
export type Trim = (item: Fields) => Fields;

/** Makes the trimmers of one reading; equal parts of pods are kept once. */
export function createTrim(): (kind: string) => Trim {
  const shared = new Map<string, unknown>();
  const share = (value: unknown): unknown => {
    if (value === undefined) return undefined;
    const text = JSON.stringify(value);
    const before = shared.get(text);
    if (before !== undefined) return before;
    shared.set(text, value);
    return value;
  };
  const trimmers = new Map<string, Trim>([
    ['Pod', (item) => trimPod(item, share)],
    ['Secret', trimSecret],
    ['ConfigMap', trimConfigMap],
    ['Node', trimNode],
    ['EndpointSlice', trimSlice],
    ['CustomResourceDefinition', trimDefinition],
  ]);
  return (kind) => {
    const only = kindSources.get(kind)?.only;
    return trimmers.get(kind) ?? ((item) => (only === undefined ? item : keepOnly(item, only)));
  };
}

/** The metadata and the parts at these paths. */
function keepOnly(item: Fields, paths: readonly string[]): Fields {
  return paths.reduce<Fields>((kept, path) => withValue(kept, path.split('.'), valueAt(item, path)), { metadata: item['metadata'] });
}

function withValue(fields: Fields, [first = '', ...rest]: readonly string[], value: unknown): Fields {
  if (value === undefined) return fields;
  return { ...fields, [first]: rest.length === 0 ? value : withValue(fieldsAt(fields, first), rest, value) };
}

/** The volume that every pod has for its token; its name differs from pod to pod. */
const tokenVolume = /^kube-api-access-[a-z0-9]{5}$/;

function trimPod(item: Fields, share: (value: unknown) => unknown): Fields {
  const { containers: _c, initContainers: _i, volumes, tolerations, affinity, topologySpreadConstraints, ...spec } = fieldsAt(item, 'spec');
  const containersAt = (name: string): unknown =>
    share(
      listAt(item, `spec.${name}`).map((container) => {
        const { volumeMounts: _mounts, terminationMessagePath: _path, terminationMessagePolicy: _policy, ...rest } = container;
        return {
          ...rest,
          ...('env' in rest ? { env: listAt(rest, 'env').map(trimVariable) } : {}),
          volumeMounts: listAt(container, 'volumeMounts').filter(({ name: volume }) => !tokenVolume.test(String(volume))),
        };
      }),
    );
  return {
    ...item,
    spec: {
      ...spec,
      containers: containersAt('containers'),
      ...('initContainers' in fieldsAt(item, 'spec') ? { initContainers: containersAt('initContainers') } : {}),
      volumes: share(Array.isArray(volumes) ? volumes.filter((volume) => !tokenVolume.test(textAt(volume, 'name'))) : []),
      tolerations: share(tolerations),
      affinity: share(affinity),
      topologySpreadConstraints: share(topologySpreadConstraints),
    },
  };
}

/** A longer value is a file; what it holds is looked at by nobody. */
const maxVariableLength = 4_000;

function trimVariable(variable: Fields): Fields {
  const { value, ...rest } = variable;
  return typeof value === 'string' && value.length > maxVariableLength ? rest : variable;
}

/** Names and keys; of a certificate, which is public, until when and for whom it is. The values are gone. */
function trimSecret(item: Fields): Fields {
  const data = fieldsAt(item, 'data');
  const isTls = item['type'] === 'kubernetes.io/tls';
  return {
    metadata: item['metadata'],
    type: item['type'],
    keys: Object.keys(data),
    emptyKeys: Object.keys(data).filter((key) => data[key] === ''),
    ...(isTls ? { certificate: certificateOf(textAt({ data: data['tls.crt'] }, 'data'), textAt({ data: data['tls.key'] }, 'data')) } : {}),
  };
}

function certificateOf(encoded: string, key: string): Fields {
  if (encoded === '') return { error: 'tls.crt is empty' };
  try {
    const pem = Buffer.from(encoded, 'base64').toString('utf8');
    const certificate = new X509Certificate(pem);
    return {
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
      subject: certificate.subject,
      issuer: certificate.issuer,
      names: certificate.subjectAltName ?? '',
      issuers: certificatesOf(pem).map(({ issuer }) => issuer),
      matchesKey: key === '' ? false : certificate.checkPrivateKey(createPrivateKey(Buffer.from(key, 'base64'))),
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message.slice(0, 200) : 'it can not be read' };
  }
}

function trimConfigMap(item: Fields): Fields {
  return { metadata: item['metadata'], keys: [...Object.keys(fieldsAt(item, 'data')), ...Object.keys(fieldsAt(item, 'binaryData'))] };
}

function trimNode(item: Fields): Fields {
  const { images: _images, ...status } = fieldsAt(item, 'status');
  return { ...item, status };
}

function trimSlice(item: Fields): Fields {
  return {
    ...item,
    endpoints: listAt(item, 'endpoints').map(({ addresses, conditions, targetRef }) => ({
      addresses,
      conditions,
      ...(isFields(targetRef) ? { targetRef: { kind: targetRef['kind'], name: targetRef['name'] } } : {}),
    })),
  };
}

/** The schemas of large operators are megabytes. */
function trimDefinition(item: Fields): Fields {
  const versions = listAt(item, 'spec.versions').map(({ schema: _schema, additionalPrinterColumns: _columns, ...version }) => version);
  return { ...item, spec: { ...fieldsAt(item, 'spec'), versions } };
}
