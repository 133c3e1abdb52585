import type { Judgement } from '../effects/judgement.ts';
import type { KubectlCommand } from './parse-kubectl.ts';

const localVerbs = /^(?:config(?: .*)?|cp|plugin(?: .*)?|proxy|port-forward|kustomize|completion|edit|attach)$/;
const fileFlags: ReadonlySet<string> = new Set(['from-file', 'from-env-file', 'patch-file', 'filename', 'cert', 'key', 'custom']);
const placeFlags: ReadonlySet<string> = new Set(['output-directory', 'profile', 'profile-output', 'log-file', 'log-dir']);

/**
 * Why a command is more than a request to the frozen cluster as its user: it needs a shell, reads or writes files of this host, or names another
 * target or identity. What it reads would be read, and what it did would be done, with the rights of this process.
 */
export function beyondCluster(command: KubectlCommand | undefined, judgement: Judgement): string | undefined {
  const refuse = (what: string): string =>
    `${what}, and here commands act in the cluster only, as the user who asked: use one plain kubectl command, and give manifests as "input" with -f -`;
  if (command === undefined) return refuse('it needs a shell or a plugin');
  if (judgement.traits.includes('moves-target')) return refuse('it names another cluster, user or credential');
  if (localVerbs.test(command.verb)) return refuse(`kubectl ${command.verb} acts on this host`);
  if (command.kustomization !== undefined) return refuse('-k reads files of this host');
  for (const { spec, value = '', written } of command.uses) {
    if (fileFlags.has(spec.name) && !value.split(',').every((part) => /^(?:[^=/]*=)?-$/.test(part)))
      return refuse(`${written} reads a file of this host`);
    if (placeFlags.has(spec.name) && (spec.isGlobal || spec.name === 'output-directory') && value !== '-' && value !== 'none')
      return refuse(`${written} writes a file of this host`);
  }
  return command.output !== undefined && /(?:-|template)file(?:=|$)/.test(command.output)
    ? refuse(`-o ${command.output} reads a file of this host`)
    : undefined;
}
