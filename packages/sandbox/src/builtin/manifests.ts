import type { Engine } from '../api/engine.ts';
import { notFound } from '../api/errors.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asText } from '../json.ts';

/** Creates what a manifest describes; its status, where it has one, is written too. Lists are taken apart. */
export function applyManifest(engine: Engine, object: JsonMap): void {
  const [apiVersion, kind] = [asText(object.apiVersion), asText(object.kind)];
  if (kind === 'List') {
    for (const item of asMaps(object.items)) applyManifest(engine, item);
    return;
  }
  const info = engine.registry.findKind(apiVersion, kind);
  if (!info) throw notFound({ group: '', resource: `the kind ${kind} in ${apiVersion}` }, asText(asMap(object.metadata).name));
  const metadata = asMap(object.metadata);
  const namespace = info.namespaced ? asText(metadata.namespace) || 'default' : '';
  const created = engine.createIn(info, namespace, object, { fieldManager: 'kubectl-client-side-apply' });
  if (object.status === undefined || !info.subresources.has('status')) return;
  engine.updateAt(
    { info, namespace, name: created.metadata.name ?? '' },
    { ...created, status: object.status },
    { subresource: 'status', fieldManager: 'kubectl-client-side-apply' },
  );
}
