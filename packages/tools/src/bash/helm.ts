import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { showOpaque } from '../kubectl/opaque.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { ShellWord } from './shell-word.ts';

const target =
  'kube-context: kubeconfig: kube-apiserver: kube-token: kube-as-user: kube-as-group: kube-ca-file: kube-insecure-skip-tls-verify kube-tls-server-name: registry-config: repository-cache: repository-config:';
const long = `namespace: all-namespaces all all-releases deployed failed pending superseded uninstalled uninstalling filter: max: offset: output: date reverse selector: short time-format: no-headers revision: template: show-desc show-resources debug help burst-limit: qps: color: colour: client install version: repo: set: set-string: set-json: values: create-namespace wait wait-for-jobs timeout: atomic rollback-on-failure reuse-values reset-values dry-run? description: history-max: skip-crds no-hooks keep-history labels: generate-name ${target}`;
const short = 'n:Aaf:m:o:rl:qdhig';

const reads: ReadonlySet<string> = new Set([
  'list',
  'ls',
  'status',
  'history',
  'hist',
  'version',
  'env',
  'get',
  'help',
  'search repo',
  'repo list',
  'plugin list',
  'show',
  'lint',
  'template',
]);
const writesOf: ReadonlyMap<string, string> = new Map([
  ['install', 'installs a release'],
  ['upgrade', 'changes a release'],
  ['rollback', 'goes back to an earlier release'],
  ['test', 'runs the tests of a release'],
  ['repo', 'changes the list of repositories'],
  ['dependency', 'fetches charts'],
  ['dep', 'fetches charts'],
  ['pull', 'fetches a chart'],
  ['fetch', 'fetches a chart'],
  ['create', 'writes files'],
  ['package', 'writes a file'],
]);
const targetNames: ReadonlySet<string> = new Set(target.split(' ').map((name) => name.replace(/[:?]$/, '')));

function judgeRead(verb: string, sub: string | undefined): readonly Finding[] {
  const found: Finding[] = [{ effect: 'read', reason: `helm ${verb} reads` }];
  if (verb === 'get' && sub !== 'notes' && sub !== 'metadata')
    found.push({ trait: 'sensitive', reason: `helm get ${sub ?? ''} shows values and Secrets of a release` });
  if (verb === 'env') found.push({ trait: 'sensitive', reason: 'helm env prints settings of the environment' });
  return found;
}

function judgeVerb(verb: string, sub: string | undefined, operands: readonly ShellWord[]): readonly Finding[] {
  if (verb === 'uninstall' || verb === 'delete' || verb === 'del' || verb === 'un')
    return [{ effect: 'dangerous', reason: `helm ${verb} removes all objects of a release` }];
  if (reads.has(verb) || reads.has(`${verb} ${sub ?? ''}`)) {
    // A chart of one's own folder is read; any other is fetched.
    const isRendering = verb === 'template' || verb === 'lint' || verb === 'show';
    const chart = isRendering ? operands.slice(1).find((word) => /[/.]/.test(word.text)) : undefined;
    if (isRendering && (chart === undefined || !/^\.{0,2}\//.test(chart.text) || chart.text.includes('://')))
      return [{ effect: 'unknown', reason: `helm ${verb} may fetch a chart` }];
    return judgeRead(verb, sub);
  }
  const does = writesOf.get(verb);
  return [
    does === undefined
      ? { effect: 'unknown', reason: `helm ${verb} is not known` }
      : { effect: 'write', reason: `helm ${verb} ${does}`, unseen: verb === 'install' || verb === 'upgrade' },
  ];
}

/** Judges helm by its command; options that are not known to be harmless make a read unknown. */
export function judgeHelm(words: readonly ShellWord[]): Judgement {
  const read = readOptions(words, { short, long });
  const verb = read.operands[0]?.text;
  const sub = read.operands[1]?.text;
  if (verb === undefined)
    return conclude([
      words.some((word) => word.loose !== undefined)
        ? { effect: 'unknown', reason: 'helm with arguments that are not known before' }
        : { effect: 'read', reason: 'helm prints help' },
    ]);
  const findings = [...judgeVerb(verb, sub, read.operands)];
  if (read.strange !== undefined)
    findings.push({ effect: 'unknown', reason: `${showOpaque(read.strange)} of helm is not known to be harmless` });
  for (const option of read.options) {
    if (targetNames.has(option.name))
      findings.push({ trait: 'moves-target', reason: `--${option.name} of helm names another target`, targetFlag: `--${option.name}` });
  }
  if (verb === 'status' && hasOption(read, 'o', 'output'))
    findings.push({ trait: 'sensitive', reason: 'helm status -o shows the values of a release' });
  if (hasOption(read, 'debug') && verb !== 'list') findings.push({ trait: 'sensitive', reason: '--debug of helm shows values' });
  const namespace = optionValue(read, 'n', 'namespace');
  return conclude(findings, { verb: `helm ${verb}`, ...(namespace !== undefined && { namespace: showOpaque(namespace) }) });
}
