import { bash, kubectl } from '@kw/tools';
import { describe, expect, it } from 'vitest';
import { forRemote } from '../src/mcp-remote.ts';

const tools = { kubectl: forRemote(kubectl()), bash: forRemote(bash()) };
const refusalOf = (tool: keyof typeof tools, command: string): string | undefined =>
  tools[tool].prepare(JSON.stringify({ command }), {}).refusal;

describe('a client over the network', () => {
  it.each([
    'kubectl kustomize /etc',
    'kubectl kustomize .',
    'kubectl kustomize overlays/prod',
    'kubectl get pods -o templatefile=/etc/passwd',
    'kubectl get pods -o templatefile --template=/etc/passwd',
    'kubectl get pods --output=jsonpath-file=/etc/passwd',
    'kubectl get pods -o custom-columns-file=x',
  ])('reads no file of the host with %s', (command) => {
    expect(refusalOf('kubectl', command)).toContain('names no file');
  });

  it.each([
    'cat $HOME/.kube/config',
    'cat ${HOME}/.kube/config',
    'cat "${HOME}/.kube/config"',
    'cd; cat .bashrc',
    'cd ..; cat config',
    'cat ~+/x',
    String.raw`cat \/etc/passwd`,
    String.raw`cat $'\x2fetc\x2fpasswd'`,
    String.raw`cat $(printf "\057etc\057passwd")`,
    String.raw`printf "\057etc\057passwd" | xargs cat`,
    'echo L2V0Yy9wYXNzd2Q= | base64 -d | xargs cat',
    'echo L2V0Yy9wYXNzd2Q= | base64 -d | sort --files0-from=-',
    'cat {/etc/passwd,x}',
    'grep -f/etc/passwd x',
    'grep x -rf/etc/passwd',
    'grep "-f/etc/passwd" x',
    `grep -''f/etc/passwd x`,
    'grep {-f/etc/passwd,x}',
    "echo x | sed 'r/etc/passwd'",
    "echo x | sed '1r /etc/passwd'",
    `awk 'BEGIN{ARGV[1]=sprintf("%cetc%cpasswd",47,47);ARGC=2}1'`,
    `echo "a'"; cat $HOME/x; echo 'b"'`,
    `# don't\ncat $HOME/x\n# '`,
    'for f in `echo x`; do cat x; done',
    'ls $PWD/..',
    '. ./x',
    'kubectl get -f $(pwd)',
    'kubectl get -f/etc/passwd',
    'kubectl kustomize x',
  ])('reads no file of the host with the script %s', (command) => {
    expect(refusalOf('bash', command)).toContain('names no file');
  });

  it.each([
    ['kubectl', 'kubectl get pods -n shop -o wide'],
    ['kubectl', 'kubectl get deploy/web -o jsonpath={.spec}'],
    ['kubectl', 'kubectl get --raw /api/v1/namespaces'],
    ['bash', 'kubectl get pods -A | grep web | wc -l'],
    ['bash', "kubectl get pods -A --no-headers | awk '{print $1}' | sort | uniq -c"],
    ['bash', `kubectl get pods -o json | jq -r '.items[] | select(.status.phase == "Pending") | .metadata.name'`],
    ['bash', 'kubectl logs deploy/web -n shop --tail=200 | grep -i error | head -20'],
    ['bash', "kubectl get events -A | sed 's/Warning/W/'"],
    ['bash', 'kubectl get ns -o name; kubectl get nodes'],
  ] as const)('%s runs %s as ever', (tool, command) => {
    expect(refusalOf(tool, command)).toBeUndefined();
  });
});
