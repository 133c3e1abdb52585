import { describe, expect, it } from 'vitest';
import { judgeShell } from '../../src/index.ts';

// Each of these was a read without a question, and did what its name says when bash ran it.
const changes: readonly (readonly [what: string, command: string])[] = [
  ['runs a program by jobs -x', 'jobs -x touch /tmp/x'],
  ['runs a command by the name that wait -p sets', "sleep 0 & wait -n -p 'a[$(touch /tmp/x)]'"],
  ['runs a command by an index in a list', "b='x[$(touch /tmp/x)]'; a=([b]=1)"],
  ['runs a command by an index of declare', "b='x[$(touch /tmp/x)]'; declare a[b]=1"],
  ['runs a command in an index of declare', 'declare a[$(touch /tmp/x)]=1'],
  ['runs a command by a variable that the shell evaluates', "RANDOM='a[$(touch /tmp/x)]'"],
  ['runs a command by reading such a variable', "read OPTIND <<< 'a[$(touch /tmp/x)]'"],
  ['runs a command behind a label of sed', "sed ':a e touch /tmp/x' /etc/hosts"],
  ['runs a command behind a branch of sed', "sed 'ba e touch /tmp/x\n:a' /etc/hosts"],
  ['runs a command behind the text of sed', "sed '1i x\ne touch /tmp/x' /etc/hosts"],
  ['runs the word that xargs does not take', 'echo /tmp/x | xargs --max-lines rm echo'],
  ['runs a script where sh is not bash', "sh -c '[[ a || sh -ef /tmp/x ]]'"],
  ['writes a file where sh is not bash', "sh -c '[[ a > /tmp/x ]]'"],
  ['writes a file where watch uses such a sh', "timeout 5 watch '[[ a > /tmp/x ]]'"],
  ['writes a file by awk behind a comma', 'awk \'BEGIN{print 1,\n "x" > "/tmp/x"}\''],
  ['writes a file by awk behind a backslash', 'awk \'BEGIN{print 1 \\\n > "/tmp/x"}\''],
  ['writes a file by awk behind an operator', 'awk \'BEGIN{print 1 &&\n 2 > "/tmp/x"}\''],
  ['deletes, as the function is not there where its redirection fails', '{ kubectl() { :; }; } < /none; kubectl delete ns foo'],
  ['deletes, as the function was forgotten', 'kubectl() { :; }; unset kubectl; kubectl delete ns foo'],
  ['deletes, as the variable is not set where its redirection fails', '{ X=--dry-run=client; } < /none; kubectl delete ns foo $X'],
  ['deletes, as the shell sets $_', '_=--dry-run=client; kubectl delete ns foo $_'],
  ['deletes, as the shell keeps GROUPS', 'GROUPS=--dry-run=client; kubectl delete ns foo $GROUPS'],
  ['deletes, as the shell keeps EPOCHSECONDS', 'EPOCHSECONDS=--dry-run=client; kubectl delete ns foo $EPOCHSECONDS'],
  ['deletes, as read sets REPLY', 'REPLY=--dry-run=client; read < /dev/null; kubectl delete ns foo $REPLY'],
  ['deletes, as read -aNAME sets NAME', 'FOO=--dry-run=client; read -aFOO < /dev/null; kubectl delete ns foo $FOO'],
  ['deletes, as wait -p sets a variable', 'FOO=--dry-run=client; sleep 0 & wait -n -p FOO; kubectl delete ns foo $FOO'],
  ['annotates, as arithmetic sets IFS', "((IFS=0)); X='x=y --dry-run=client'; kubectl annotate pod foo $X"],
  ['goes to another cluster, as arithmetic sets KUBECONFIG', '((KUBECONFIG=1)); kubectl get pods'],
  ['runs a substitution inside brackets', 'echo [$(touch /tmp/x)]'],
  ['runs a substitution inside brackets of an assignment', 'X=[`touch /tmp/x`]'],
  ['runs a substitution inside brackets of a default', 'echo ${Y:-[[ $(touch /tmp/x) ]]}'],
  ['runs a substitution inside brackets of a pattern', 'case a in [$(touch /tmp/x)]) ;; esac'],
  ['runs a substitution inside brackets of a test', '[[ a == [$(touch /tmp/x)] ]]'],
  ['runs a substitution inside brackets, deeper', 'echo [${Y:-$(touch /tmp/x)}]'],
  ['runs a substitution in quotes that quote nothing', `echo "\${X:-'$(touch /tmp/x)'}"`],
  ['runs a substitution in such quotes of a here-document', `cat <<E\n\${X:-'$(touch /tmp/x)'}\nE\n`],
  ['runs a substitution in a list with text behind it', 'X=($(touch /tmp/x))y'],
  ['runs a substitution in a declared list with text behind it', 'declare X=(`touch /tmp/x`)y'],
  ['runs a substitution inside braces', 'echo {`touch /tmp/x`,b}'],
  ['runs another substitution inside braces', 'echo {$(touch /tmp/x),b}'],
  ['goes to another cluster, as the environment is emptied', 'exec -c kubectl get pods'],
];

const leaks: readonly (readonly [what: string, command: string])[] = [
  ['the root folder, read through', 'grep -rh client-key-data'],
  ['an environment, as names of files', 'wc --files0-from=/proc/self/environ'],
  ['an environment, as names of folders', 'du --files0-from=/proc/self/environ'],
  ['a file, as dates', 'date -f /etc/shadow'],
  ['a disk', 'strings /dev/dm-0'],
  ['the root folder, by another option', 'grep -d recurse client-key-data /root'],
  ['folders that are compared', 'diff -r / /tmp'],
  ['our own keys', 'cat ~/.config/kubelet-wuhrai/config.yaml'],
  ['other sessions', 'strings /root/.local/state/kubelet-wuhrai/sessions.db'],
  ['the frozen kubeconfig', 'rev /tmp/kw-targets-0/abc/config'],
  ['a kubeconfig, from the folder beside', 'cd /etc; rev kubernetes/admin.conf'],
  ['a kubeconfig, by a way around', 'rev /etc/apt/../kubernetes/x'],
  ['a kubeconfig, by a longer way around', 'rev /etc/apt/a/../../kubernetes/./x'],
  ['a file that awk names', 'awk \'BEGIN{ARGV[1]="/etc/shadow";ARGC=2} {print}\''],
];

describe('nothing that bash does beside reading is a plain read', () => {
  it.each(changes)('%s: %s', (_what, command) => {
    expect(judgeShell(command).effect).not.toBe('read');
  });

  it.each(leaks)('%s: %s', (_what, command) => {
    expect(judgeShell(command).traits).toContain('sensitive');
  });

  it.each([
    'kubectl get pods & wait',
    'kubectl get pods | tee /dev/stderr | wc -l',
    'echo {a,b}',
    'kubectl api-resources --verbs=list --namespaced -o name | xargs -n 1 kubectl get --ignore-not-found -n shop',
    'jobs -l',
    "sed -e ':a' -e 's/x/y/;ta' /etc/hosts",
    "sh -c 'kubectl get pods -n shop | grep -c web'",
    'for ((i=0; i<3; i++)); do kubectl get pods; done',
    'n=0; n=$((n+1)); echo $n',
    "awk '{print $1, $2}\n{ if ($3 > 1) n++ }' /tmp/t",
    "kubectl get pods -o json | jq -r '.items[0].metadata.name'",
  ])('stays a plain read: %s', (command) => {
    expect(judgeShell(command)).toMatchObject({ effect: 'read', traits: [] });
  });
});

describe('64 kB of a hostile script', () => {
  it.each(['<<EOF', '<<EOF ', '"', '" ', '$(', '`', '{', 'a<<-b\n', '<(', '[[ ', '((', 'if ', '|', "$'", '${x', '#\n', '\\'])(
    'is judged soon: %j',
    (unit) => {
      const script = unit.repeat(Math.ceil(64_000 / unit.length));
      const times = [1, 2].map(() => {
        const { user, system } = process.cpuUsage();
        judgeShell(script);
        const after = process.cpuUsage();
        return (after.user + after.system - user - system) / 1_000;
      });
      expect(Math.min(...times)).toBeLessThan(300);
      expect(judgeShell(script).effect).not.toBe('write');
    },
  );
});
