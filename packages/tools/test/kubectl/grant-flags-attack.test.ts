import { describe, expect, it } from 'vitest';
import { kubectl } from '../../src/index.ts';

const target = { server: 'https://a', caHash: 'c', context: 'dev', user: 'u', namespace: 'shop', fingerprint: 'f' };
const targets = { freeze: async () => target, open: async () => Promise.reject(new Error('no')), contexts: async () => ['dev'] };
const tool = kubectl({ targets });

/** What calls that are granted together have in common; undefined where the call can only be granted by itself. */
function classOf(command: string, input?: string): unknown {
  const { effect, traits, source, subject } = tool.prepare(JSON.stringify({ command, ...(input === undefined ? {} : { input }) }), {
    target,
  });
  if (effect !== 'write' || traits.length > 0 || source !== undefined || subject?.flags === undefined) return undefined;
  return { ...subject, flags: [...subject.flags].sort() };
}

describe('a grant for similar kubectl commands', () => {
  it.each([
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deploy api --replicas 5 -n shop'],
    ['kubectl delete pod web-1', 'kubectl delete pods web-2 web-3 --namespace=shop --wait=false'],
    ['kubectl rollout restart deployment web', 'kubectl rollout restart deploy/api'],
    ['kubectl scale deployment/web --replicas=0', 'kubectl scale deploy/api --replicas=0'],
    ['kubectl label pod web-1 team=shop', 'kubectl label pod web-2 team=shop'],
  ])('covers with %s also %s', (granted, other) => {
    expect(classOf(granted)).toBeDefined();
    expect(classOf(other)).toEqual(classOf(granted));
  });

  it.each([
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment --all --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment -l app=web --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web statefulset/db --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale statefulset/db --replicas=3'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas 00'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=3 --replicas=0x0'],
    ['kubectl label pod web-1 team=shop', 'kubectl label pod web-2 team=other'],
    ['kubectl annotate sa web eks.amazonaws.com/role-arn=reader', 'kubectl annotate sa web eks.amazonaws.com/role-arn=admin'],
    [
      'kubectl annotate ingress web nginx.ingress.kubernetes.io/rewrite-target=/',
      'kubectl annotate ingress web nginx.ingress.kubernetes.io/rewrite-target=/$1',
    ],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=0 -n payments'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=0 --context=prod'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=0 --as=admin'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale -f https://example.com/x.yaml --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale -f x.yaml --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale -k dir --replicas=0'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/web --replicas=0; id'],
    ['kubectl scale deployment/web --replicas=3', 'kubectl scale deployment/$(id) --replicas=0'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --force'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --grace-period=0'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --grace-period=1'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --now'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --cascade=orphan'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 --cascade=foreground'],
    ['kubectl delete pod web-1', 'kubectl delete pod --all'],
    ['kubectl delete pod web-1', 'kubectl delete pod'],
    ['kubectl delete pod web-1', 'kubectl delete pods -A -l a=b'],
    ['kubectl delete pod web-1', 'kubectl delete pods,services web-1'],
    ['kubectl delete pod web-1', 'kubectl delete --raw=/api/v1/namespaces/shop/pods/web-1'],
    ['kubectl delete pod web-1', 'kubectl delete pod web-1 -n kube-system'],
    ['kubectl label pod web-1 team=shop', 'kubectl label pod web-1 team-'],
    ['kubectl label pod web-1 team=shop', 'kubectl label pod web-1 team=shop app=other'],
    ['kubectl label pod web-1 team=shop', 'kubectl label pod web-1 team=shop --overwrite'],
    ['kubectl annotate ingress web note=x', 'kubectl annotate ingress web nginx.ingress.kubernetes.io/configuration-snippet=x'],
    ['kubectl annotate ingress web note=x', 'kubectl annotate ingress --all note=x'],
    ['kubectl rollout undo deployment/web', 'kubectl rollout undo deployment -l app=web'],
  ])('does not cover with %s also %s', (granted, wider) => {
    expect(classOf(granted)).toBeDefined();
    expect(classOf(wider)).not.toEqual(classOf(granted));
  });

  it.each([
    'kubectl patch deployment web -p {"spec":{"replicas":3}}',
    'kubectl set image deployment/web web=nginx',
    'kubectl set env deployment/web A=b',
    'kubectl run x --image=nginx',
    'kubectl exec web-1 -- touch /x',
    'kubectl cp a web-1:/b',
    'kubectl create deployment web --image=nginx',
    'kubectl create token admin',
    'kubectl apply -f -',
    'kubectl cordon node-1',
    'kubectl drain node-1',
    'kubectl delete namespace shop',
    'kubectl delete crontabs my-cron',
    'kubectl set subject rolebinding admin --user=x',
    'kubectl label namespace shop pod-security.kubernetes.io/enforce=privileged',
    'kubectl label node n a=b',
    'kubectl label all web a=b',
    'kubectl scale all/web --replicas=3',
    'kubectl something web',
  ])('is not offered for %s', (command) => {
    expect(classOf(command, command.endsWith('-f -') ? 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n' : undefined)).toSatisfy(
      (of) => of === undefined || Reflect.get(Object(of), 'namespace') === '*',
    );
  });
});
