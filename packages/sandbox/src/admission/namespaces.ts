import { forbidden, notFound } from '../api/errors.ts';
import { statusOf } from '../api/object.ts';
import type { AdmissionPlugin } from '../api/types.ts';

const protectedNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/** Refuses objects in namespaces that are not there or end, and the deletion of the ones that must stay. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  mutate({ operation, resource, namespace, name }, api) {
    if (operation !== 'create' || !resource.namespaced) return;
    const found = api.find('namespaces', namespace);
    if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (statusOf(found).phase !== 'Terminating' && !found.metadata.deletionTimestamp) return;
    throw forbidden(resource, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ]);
  },
  validate({ operation, resource, name }) {
    if (operation === 'delete' && resource.storage === 'namespaces' && protectedNamespaces.has(name)) {
      throw forbidden(resource, name, 'this namespace may not be deleted');
    }
  },
};
