import { describe, expect, it } from 'vitest';
import { parseKubectl } from '../../src/kubectl/parse-kubectl.ts';
import type { KubectlCommand } from '../../src/kubectl/parse-kubectl.ts';

function parsed(command: string | readonly string[]): KubectlCommand {
  const result = parseKubectl(command);
  if (result.type === 'unread') throw new Error(`${String(command)}: ${result.reason}`);
  return result;
}

function reasonOf(command: string): string {
  const result = parseKubectl(command);
  return result.type === 'unread' ? result.reason : `read as ${result.verb}`;
}

describe('reading a kubectl command', () => {
  it('gives the arguments for kubectl without its name', () => {
    expect(parsed(`kubectl get "pods" -n 'my shop' -l a\\ b`).argv).toEqual(['get', 'pods', '-n', 'my shop', '-l', 'a b']);
    expect(parsed('get pods').argv).toEqual(['get', 'pods']);
    expect(parsed(['kubectl', 'get', 'pods']).argv).toEqual(['get', 'pods']);
  });

  it('finds verb, sub-verb and aliases behind flags', () => {
    expect(parsed('kubectl -n shop rollout undo deploy/web').verb).toBe('rollout undo');
    expect(parsed('kubectl create deploy web --image=nginx').verb).toBe('create deployment');
    expect(parsed('kubectl create svc nodeport web --tcp=80').verb).toBe('create service nodeport');
    expect(parsed('kubectl top po').verb).toBe('top pod');
    expect(parsed('kubectl rollout -n shop history deploy/web').verb).toBe('rollout history');
  });

  it('reads glued, clustered, underscored and repeated flags as kubectl does', () => {
    const command = parsed('kubectl get pods -Anshop --show_labels=false -oyaml --output=json');
    expect(command).toMatchObject({ allNamespaces: true, namespace: 'shop', output: 'json' });
    expect(command.uses.map(({ spec }) => spec.name)).toEqual(['all-namespaces', 'namespace', 'show-labels', 'output', 'output']);
  });

  it('takes the next word as a value only where the flag needs one', () => {
    expect(parsed('kubectl delete pod --dry-run client x')).toMatchObject({ dryRun: 'client', positionals: ['pod', 'client', 'x'] });
    expect(parsed('kubectl get pods --watch false').positionals).toEqual(['pods', 'false']);
    expect(parsed('kubectl get pods -n --watch').namespace).toBe('--watch');
  });

  it('ends flags at two dashes and keeps where they stood', () => {
    const command = parsed('kubectl exec web -c app -- ls -la --color');
    expect(command).toMatchObject({ positionals: ['web', 'ls', '-la', '--color'], dashAt: 1 });
    expect(command.operands).toEqual({ kinds: ['pods'], objects: [{ kind: 'pods', name: 'web' }], rest: ['ls', '-la', '--color'] });
  });

  it('names objects by kind and name, whatever way they are written', () => {
    expect(parsed('kubectl get deploy/web svc/web').operands.objects).toEqual([
      { kind: 'deployments', name: 'web' },
      { kind: 'services', name: 'web' },
    ]);
    expect(parsed('kubectl delete po,svc a b').operands.objects).toHaveLength(4);
    expect(parsed('kubectl get Deployments.v1.apps web').operands.kinds).toEqual(['deployments']);
    expect(parsed('kubectl get services.serving.knative.dev').operands.kinds).toEqual(['services.serving.knative.dev']);
    expect(parsed('kubectl label pod web a=b c-').operands).toEqual({
      kinds: ['pods'],
      objects: [{ kind: 'pods', name: 'web' }],
      rest: ['a=b', 'c-'],
    });
  });

  it('says whether a server-side dry run can be had and what is read from files and stdin', () => {
    expect(parsed('kubectl apply -f - -f a.yaml,b.yaml')).toMatchObject({
      supportsServerDryRun: true,
      readsStdin: true,
      files: ['-', 'a.yaml', 'b.yaml'],
    });
    expect(parsed('kubectl rollout restart deploy/web')).toMatchObject({ supportsServerDryRun: false, readsStdin: false, files: [] });
    expect(parsed('kubectl delete --raw /api/v1/namespaces/x').supportsServerDryRun).toBe(false);
    expect(parsed('kubectl apply -k overlays/prod').kustomization).toBe('overlays/prod');
  });

  it('reads help as help', () => {
    expect(parsed('kubectl delete ns x --help').verb).toBe('');
    expect(parsed('kubectl delete ns x --help=false').verb).toBe('delete');
  });

  it('names the flag or the word that it does not know', () => {
    expect(reasonOf('kubectl get pods --wach')).toBe('--wach is not a known flag of kubectl get');
    expect(reasonOf('kubectl get pods -nx -z')).toBe('-z in -z is not a known flag of kubectl get');
    expect(reasonOf('kubectl get pods -n')).toBe('-n has no value');
    expect(reasonOf('kubectl frobnicate')).toBe('"frobnicate" is no verb of kubectl: it may be a plugin, a program of its own');
    expect(reasonOf('kubectl get pods --watch=perhaps')).toBe('--watch=perhaps is neither true nor false');
  });

  it('leaves what a shell would act on to the shell analysis', () => {
    expect(parseKubectl('kubectl get pods | wc -l')).toMatchObject({ type: 'unread', forShell: true });
    expect(parseKubectl('KUBECONFIG=x kubectl get pods')).toMatchObject({ type: 'unread', forShell: true });
    expect(parseKubectl('timeout 5 kubectl get pods')).toMatchObject({ type: 'unread', forShell: true });
    expect(parseKubectl('kubectl get pods "')).toMatchObject({ type: 'unread', forShell: false });
  });
});
