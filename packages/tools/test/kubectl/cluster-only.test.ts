import type { RunTarget } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { kubectl } from '../../src/index.ts';

const target: RunTarget = { server: 'https://k', caHash: 'system', context: 'kind', user: 'service', fingerprint: 'f' };
const tool = kubectl({ clusterOnly: true });
const refusalOf = (command: string, input?: string): string | undefined =>
  tool.prepare(JSON.stringify({ command, ...(input !== undefined && { input }) }), { target }).refusal;

describe('where commands act for others than the user of this process', () => {
  it.each([
    'kubectl get pods -A -o wide',
    'kubectl get pods --context kind',
    'kubectl get pods -o jsonpath={.items[*].metadata.name}',
    'kubectl logs web-1 --tail 50',
    'kubectl describe pod web-1',
    'kubectl scale deployment web --replicas 3',
    'kubectl create configmap c --from-literal=a=b',
    'kubectl create configmap c --from-file=a=-',
    'kubectl debug web-1 --image=busybox --profile=general -- ls',
    'kubectl exec web-1 -- cat /etc/hosts',
    'kubectl get --raw /apis',
    'kubectl cluster-info dump --output-directory=-',
  ])('%s is as it is everywhere', (command) => {
    expect(refusalOf(command, 'x')).toBe(kubectl().prepare(JSON.stringify({ command, input: 'x' }), { target }).refusal);
  });

  it('manifests come as input', () => {
    expect(refusalOf('kubectl apply -f -', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n')).toBeUndefined();
  });

  it.each([
    'kubectl get pods --as root',
    'kubectl get pods -o templatefile=/etc/passwd',
    'kubectl get pods -o templatefile --template=/etc/passwd',
    'kubectl get pods --as=system:admin',
    'kubectl --as-group=system:masters --as=x get pods',
    'kubectl get pods --token abc',
    'kubectl get pods --user admin',
    'kubectl get pods --kubeconfig /root/.kube/config',
    'kubectl get pods --context prod',
    'kubectl get pods -s https://elsewhere',
    'kubectl get pods --server=https://elsewhere',
    'kubectl get pods --client-key=/k --client-certificate=/c',
    'kubectl apply -f /etc/passwd',
    'kubectl apply -f=manifest.yaml',
    'kubectl apply -Rf .',
    'kubectl apply -f -,/etc/passwd',
    'kubectl apply -f https://elsewhere/x.yaml',
    'kubectl apply -k .',
    'kubectl kustomize .',
    'kubectl create configmap c --from-file=/var/run/secrets/kubernetes.io/serviceaccount/token',
    'kubectl create configmap c --from-file=a=/etc/passwd',
    'kubectl create configmap c --from-env-file /proc/self/environ',
    'kubectl create secret generic c --from-file /etc',
    'kubectl create secret tls c --cert=/etc/c.pem --key=/etc/k.pem',
    'kubectl patch deployment web --patch-file /etc/passwd',
    'kubectl debug web-1 --image=busybox --custom=/etc/passwd',
    'kubectl get pods -o go-template-file=/etc/passwd',
    'kubectl get pods -o jsonpath-file=/etc/passwd',
    'kubectl get pods -o custom-columns-file /etc/passwd',
    'kubectl get pods -ogo-template-file --template /etc/passwd',
    'kubectl cluster-info dump --output-directory /tmp/x',
    'kubectl get pods --profile=cpu --profile-output=/tmp/x',
    'kubectl cp /etc/passwd web-1:/tmp/x',
    'kubectl config view --raw',
    'kubectl config set-context --current --namespace=x',
    'kubectl proxy --port 9999',
    'kubectl port-forward web-1 80',
    'kubectl plugin list',
    'kubectl neat get pods',
    'kubectl get pods | sh',
    'kubectl get pods > /tmp/x',
    'kubectl get pods; id',
    'kubectl get pods $(id)',
    'kubectl get pods `id`',
    'KUBECONFIG=/root/.kube/config kubectl get pods',
    'env -u KUBECONFIG kubectl get pods',
    'sh -c id',
    'cat /etc/passwd',
    '/tmp/kubectl get pods',
    'kubectl.exe get pods',
  ])('%s is refused', (command) => {
    const { refusal } = (() => {
      try {
        return tool.prepare(JSON.stringify({ command, input: 'x' }), { target });
      } catch (error) {
        return { refusal: error instanceof Error ? error.message : String(error) };
      }
    })();
    expect(refusal).toBeDefined();
  });
});
