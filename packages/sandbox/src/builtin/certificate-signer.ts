import type { Engine } from '../api/engine.ts';
import { specOf, statusOf } from '../api/object.ts';
import type { Authority } from '../auth/certificates.ts';
import { readCertificateRequest } from '../auth/der-read.ts';
import { asMaps, asText, clone } from '../json.ts';

const storage = 'certificatesigningrequests.certificates.k8s.io';
const signers = new Set([
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/kubelet-serving',
]);

/** Issues the certificates of approved requests to the signers of the cluster. The answer ends it. */
export function signRequests(engine: Engine, authority: Authority): () => void {
  return engine.watch(({ type, resource, object }) => {
    if (type === 'deleted' || resource.storage !== storage || !signers.has(asText(specOf(object).signerName))) return;
    const status = statusOf(object);
    if (asText(status.certificate) !== '' || !asMaps(status.conditions).some((condition) => condition.type === 'Approved')) return;
    const pem = Buffer.from(asText(specOf(object).request), 'base64').toString();
    const { publicKey, ...subject } = readCertificateRequest(pem);
    const next = clone(object);
    next.status = { ...status, certificate: Buffer.from(authority.certify(subject, publicKey)).toString('base64') };
    engine.update(storage, next, { subresource: 'status', fieldManager: 'kube-controller-manager' });
  });
}
