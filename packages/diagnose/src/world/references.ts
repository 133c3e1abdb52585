import { fieldsAt, isTrueAt, listAt, textAt } from './fields.ts';
import type { Fields } from './fields.ts';

/** A ConfigMap or Secret that a pod's spec names. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** Absent: the object as a whole. */
  readonly key?: string;
  /** The pod starts without it. */
  readonly optional: boolean;
  /** `env` stops a container before it starts, `volume` a pod, `pull` is only missed by private registries. */
  readonly use: 'env' | 'volume' | 'pull';
  /** Where it stands, such as `spec.containers[web].env[SMTP_HOST]`. */
  readonly path: string;
}

/** All ConfigMaps and Secrets that a pod's spec names (of a pod, or of a template). */
export function referencesOf(spec: Fields): readonly Reference[] {
  const containers = ['initContainers', 'containers'].flatMap((list) =>
    listAt(spec, list).map((container) => ({ container, path: `spec.${list}[${textAt(container, 'name')}]` })),
  );
  return [
    ...containers.flatMap(({ container, path }) => [...ofEnv(container, path), ...ofEnvFrom(container, path)]),
    ...listAt(spec, 'volumes').flatMap((volume) => ofVolume(volume, `spec.volumes[${textAt(volume, 'name')}]`)),
    ...listAt(spec, 'imagePullSecrets').map(({ name }): Reference => ({
      kind: 'Secret',
      name: String(name),
      optional: true,
      use: 'pull',
      path: 'spec.imagePullSecrets',
    })),
  ];
}

function ofEnv(container: Fields, path: string): readonly Reference[] {
  return listAt(container, 'env').flatMap((variable) =>
    sources(fieldsAt(variable, 'valueFrom'), { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' }).map(({ kind, source }) => ({
      kind,
      name: textAt(source, 'name'),
      key: textAt(source, 'key'),
      optional: isTrueAt(source, 'optional'),
      use: 'env' as const,
      path: `${path}.env[${textAt(variable, 'name')}]`,
    })),
  );
}

function ofEnvFrom(container: Fields, path: string): readonly Reference[] {
  return listAt(container, 'envFrom').flatMap((from) =>
    sources(from, { ConfigMap: 'configMapRef', Secret: 'secretRef' }).map(({ kind, source }) => ({
      kind,
      name: textAt(source, 'name'),
      optional: isTrueAt(source, 'optional'),
      use: 'env' as const,
      path: `${path}.envFrom`,
    })),
  );
}

function ofVolume(volume: Fields, path: string): readonly Reference[] {
  const projected = listAt(volume, 'projected.sources').flatMap((source) => ofVolume(source, path));
  const own = sources(volume, { ConfigMap: 'configMap', Secret: 'secret' }).flatMap(({ kind, source }) => {
    const whole = {
      kind,
      name: textAt(source, 'secretName') || textAt(source, 'name'),
      optional: isTrueAt(source, 'optional'),
      use: 'volume' as const,
      path,
    };
    const items = listAt(source, 'items');
    return items.length === 0 ? [whole] : items.map((item) => ({ ...whole, key: textAt(item, 'key') }));
  });
  return [...own, ...projected];
}

type Names = Readonly<Record<'ConfigMap' | 'Secret', string>>;

function sources(from: Fields, names: Names): readonly { readonly kind: 'ConfigMap' | 'Secret'; readonly source: Fields }[] {
  return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
    const source = fieldsAt(from, names[kind]);
    return Object.keys(source).length === 0 ? [] : [{ kind, source }];
  });
}
