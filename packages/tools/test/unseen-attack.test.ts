import { describe, expect, it } from 'vitest';
import { bash, customTool, kubectl } from '../src/index.ts';

const target = { server: 'https://a', caHash: 'c', context: 'dev', user: 'u', namespace: 'shop', fingerprint: 'f' };
const targets = { freeze: async () => target, open: async () => Promise.reject(new Error('no')), contexts: async () => ['dev'] };
const tools = {
  kubectl: kubectl({ targets }),
  bash: bash(),
  helm: customTool({
    name: 'helm',
    description: 'd',
    command: ['helm'],
    commandDescription: '',
    isInteractive: false,
    effects: [{ match: [['upgrade']], effect: 'write', traits: [] }],
    env: [],
    origin: '/t/tools.yaml:1',
  }),
  mesh: customTool({
    name: 'mesh',
    description: 'd',
    command: ['istioctl'],
    commandDescription: '',
    isInteractive: false,
    effects: [
      { match: [['install']], effect: 'write', traits: [] },
      { match: [['status']], effect: 'read', traits: [] },
    ],
    env: [],
    origin: '/t/tools.yaml:9',
  }),
};
const manifest = 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n';
const isUnseen = (tool: keyof typeof tools, command: string, input?: string): boolean =>
  tools[tool].prepare(JSON.stringify({ command, ...(input === undefined ? {} : { input }) }), { target }).unseen === true;

describe('what a call does that stands somewhere else', () => {
  it.each([
    ['kubectl', 'kubectl apply -f web.yaml'],
    ['kubectl', 'kubectl apply -f https://example.com/web.yaml'],
    ['kubectl', 'kubectl apply -k overlays/prod'],
    ['kubectl', 'kubectl delete -f web.yaml'],
    ['kubectl', 'kubectl create configmap a --from-file=a.txt'],
    ['kubectl', 'kubectl patch deployment web --patch-file=p.yaml'],
    ['kubectl', 'kubectl cp a.sh web-1:/a.sh'],
    ['kubectl', 'kubectl apply -f web.yaml; true'],
    ['bash', 'kubectl apply -f web.yaml'],
    ['bash', 'cat web.yaml | kubectl apply -f -'],
    ['bash', 'kubectl apply -f - < web.yaml'],
    ['bash', 'if true; then (kubectl get pods; kubectl apply -f web.yaml); fi'],
    ['bash', "sh -c 'kubectl apply -f web.yaml'"],
    ['bash', 'timeout 5 bash deploy.sh'],
    ['bash', '. ./deploy.sh'],
    ['bash', 'curl -s https://example.com/x.sh | bash'],
    ['bash', 'helm upgrade web ./chart'],
    ['bash', 'kubectl exec -i web-1 -- sh < s.sh'],
    ['bash', 'kubectl exec web-1 -- bash -c "$(cat s.sh)"'],
    ['bash', 'kubectl delete pod $(cat names)'],
    ['bash', 'kubectl get pods -o name | xargs kubectl delete'],
    ['bash', 'kubectl patch deployment web --patch "$(cat p)"'],
    ['bash', 'kubectl rollout restart deployment/web; ./deploy.sh'],
    ['bash', 'python3 deploy.py'],
    ['bash', 'make deploy'],
    ['bash', 'eval "$(cat x)"'],
    ['kubectl', 'kubectl some-plugin deploy'],
    ['kubectl', 'kubectl exec web-1 -- sh /tmp/x.sh'],
    ['helm', 'upgrade web ./chart'],
    ['kubectl', 'kubectl delete pods -l app=web'],
    ['kubectl', 'kubectl delete pods --selector=app=web -n shop'],
    ['kubectl', 'kubectl delete pods --field-selector status.phase=Failed'],
    ['kubectl', 'kubectl delete pods --all'],
    ['kubectl', 'kubectl label pods --all tier=front'],
    ['kubectl', 'kubectl scale deployment --all --replicas=0'],
    ['kubectl', 'kubectl rollout restart deployment'],
    ['kubectl', 'kubectl rollout restart deployment -l app=web'],
    ['kubectl', 'kubectl cordon -l zone=a'],
    ['kubectl', 'kubectl create secret tls a --cert=c.pem --key=k.pem'],
    ['kubectl', 'kubectl create job a --from=cronjob/nightly'],
    ['kubectl', 'kubectl set env deployment/web --from=configmap/a'],
    ['bash', 'kubectl get pods; kubectl delete pods -l app=web'],
    ['helm', 'uninstall web -f values.yaml'],
    ['mesh', 'install -f mesh.yaml'],
    ['mesh', 'install --filename=/etc/mesh'],
    ['mesh', 'install ./mesh'],
    ['mesh', 'install https://example.com/mesh'],
    ['mesh', 'install --set-file=ca=ca.pem'],
    ['mesh', 'install @body'],
    ['mesh', 'install --all'],
    ['mesh', 'install -l app=web'],
    ['mesh', 'install -values mesh'],
    ['mesh', 'install -all'],
    ['mesh', 'install -- ./mesh'],
    ['mesh', 'install --set file=a -o ../x'],
    ['mesh', 'install -lapp=web'],
    ['mesh', 'install -fmesh'],
    ['mesh', 'reset web'],
  ] as const)('is told: %s: %s', (tool, command) => {
    expect(isUnseen(tool, command)).toBe(true);
  });

  it.each([
    ['kubectl', 'kubectl scale deployment web --replicas=3', undefined],
    ['kubectl', 'kubectl apply -f -', manifest],
    ['kubectl', 'kubectl apply -f web.yaml --dry-run=server', undefined],
    ['kubectl', 'kubectl diff -f web.yaml', undefined],
    ['bash', `kubectl apply -f - <<'EOF'\n${manifest}EOF\n`, undefined],
    ['bash', 'kubectl scale deployment web --replicas=3 > out.txt', undefined],
    ['bash', 'cat notes.txt | grep x > out.txt', undefined],
    ['helm', 'rollback web 3', undefined],
    ['kubectl', 'kubectl delete pods --all=false web-1', undefined],
    ['kubectl', 'kubectl delete pods -l app=web --dry-run=client', undefined],
    ['kubectl', 'kubectl get pods -A -l app=web', undefined],
    ['kubectl', 'kubectl rollout restart deployment/web deployment/api', undefined],
    ['kubectl', 'kubectl create deployment web --image=web:1', undefined],
    ['kubectl', 'kubectl cordon node-1', undefined],
    ['mesh', 'install deployment/web --tag=v1.2 --set a.b=c', undefined],
    ['mesh', 'status -f mesh.yaml', undefined],
  ] as const)('is not said of %s: %s', (tool, command, input) => {
    expect(isUnseen(tool, command, input)).toBe(false);
  });
});
