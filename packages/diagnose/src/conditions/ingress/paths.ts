import { fieldsAt, isFields, listAt, numberAt, textAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** One way through an Ingress: to a Service. */
export interface IngressPath {
  /** `*` for all hosts. */
  readonly host: string;
  /** Empty for the default backend. */
  readonly path: string;
  readonly pathType: string;
  readonly service: string;
  readonly port: number | string | undefined;
  /** Where its Service stands. */
  readonly at: string;
}

/** All paths of an Ingress that lead to Services; those to other resources are left out. */
export function pathsOf(ingress: WorldObject): readonly IngressPath[] {
  const byDefault = toPath(fieldsAt(ingress.body, 'spec.defaultBackend'), {
    host: '*',
    path: '',
    pathType: '',
    at: 'spec.defaultBackend.service',
  });
  const ruled = listAt(ingress.body, 'spec.rules').flatMap((rule) => {
    const host = textAt(rule, 'host') || '*';
    return listAt(rule, 'http.paths').flatMap((each) => {
      const path = textAt(each, 'path') || '/';
      const at = `spec.rules[${host}].http.paths[${path}].backend.service`;
      return toPath(fieldsAt(each, 'backend'), { host, path, pathType: textAt(each, 'pathType'), at });
    });
  });
  return [...byDefault, ...ruled];
}

function toPath(backend: Fields, place: Pick<IngressPath, 'host' | 'path' | 'pathType' | 'at'>): readonly IngressPath[] {
  if (!isFields(backend['service'])) return [];
  const port = numberAt(backend, 'service.port.number') ?? (textAt(backend, 'service.port.name') || undefined);
  return [{ ...place, service: textAt(backend, 'service.name'), port }];
}
