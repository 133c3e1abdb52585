import type { Engine } from '../api/engine.ts';

/** The description that the certificate's ConfigMap carries in every namespace. */
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Gives every namespace its default ServiceAccount and the certificate of the API server, and again when they are deleted. The answer ends it. */
export function furnishNamespaces(engine: Engine, certificate: string): () => void {
  const furnish = (name: string): void => {
    const namespace = engine.find('namespaces', name);
    if (!namespace || namespace.metadata.deletionTimestamp) return;
    const manager = { fieldManager: 'kube-controller-manager' };
    if (!engine.find('serviceaccounts', 'default', name)) {
      engine.create(
        'serviceaccounts',
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
        manager,
      );
    }
    if (!engine.find('configmaps', 'kube-root-ca.crt', name)) {
      const metadata = { name: 'kube-root-ca.crt', namespace: name, annotations: { 'kubernetes.io/description': description } };
      engine.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': certificate } }, manager);
    }
  };
  for (const namespace of engine.list('namespaces')) furnish(namespace.metadata.name ?? '');
  return engine.watch(({ type, resource, object }) => {
    if (resource.storage === 'namespaces' && type === 'added') furnish(object.metadata.name ?? '');
    if (type === 'deleted' && resource.storage === 'serviceaccounts' && object.metadata.name === 'default')
      furnish(object.metadata.namespace ?? '');
    if (type === 'deleted' && resource.storage === 'configmaps' && object.metadata.name === 'kube-root-ca.crt')
      furnish(object.metadata.namespace ?? '');
  });
}
