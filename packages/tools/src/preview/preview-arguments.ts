import { findCommand } from '../kubectl/find-command.ts';
import type { FlagUse } from '../kubectl/parse-flags.ts';
import type { KubectlCommand } from '../kubectl/parse-kubectl.ts';
import { placeOfFile } from '../kubectl/places.ts';
import { judgeTargetFlags } from '../kubectl/target-flags.ts';

/** Flags that only shape what is printed or how long is waited. */
const presentation = new Set([
  'output',
  'template',
  'show-managed-fields',
  'allow-missing-template-keys',
  'dry-run',
  'no-headers',
  'show-labels',
  'sort-by',
  'watch',
  'wait',
  'quiet',
]);

/** Flags that say which objects are meant, and that `kubectl get` takes, too. */
const selecting = new Set(['namespace', 'all-namespaces', 'selector', 'field-selector', 'filename', 'kustomize', 'recursive', 'context']);

/** Flags with which even a trial writes files here. */
const writing = new Set(['profile', 'profile-output']);

/** Whether a command may be tried, or its objects read, before anybody was asked: only on the run's own cluster, from files that lie here, writing nothing. */
export function mayBeTried(command: KubectlCommand, currentContext?: string): boolean {
  const { uses, files, kustomization } = command;
  return (
    judgeTargetFlags(uses, currentContext).length === 0 &&
    !uses.some((use) => writing.has(use.spec.name)) &&
    files.every((file) => ['local', 'stdin'].includes(placeOfFile(file))) &&
    kustomization === undefined // a local one may name bases that are fetched
  );
}

/** The same command as a trial: nothing is stored, and the result is printed where the verb can. */
export function tryArguments(command: KubectlCommand, printsObjects: boolean): readonly string[] {
  const kept = command.uses.filter((use) => !presentation.has(use.spec.name)).map(writeFlag);
  const { before, after } = words(command);
  const trial = ['--dry-run=server', ...(printsObjects ? ['--output=json'] : [])];
  return [...pathOf(command), ...before, ...kept, ...trial, ...(after.length > 0 ? ['--', ...after] : [])];
}

/** `kubectl get` for the objects that a command means; undefined where they are not named. */
export function selectionArguments(command: KubectlCommand): readonly string[] | undefined {
  const flags = command.uses.filter((use) => selecting.has(use.spec.name)).map(writeFlag);
  const common = ['--output=json', '--ignore-not-found'];
  if (command.files.length > 0 || command.kustomization !== undefined) return ['get', ...flags, ...common];
  const { kinds, objects } = command.operands;
  if (kinds.length === 0) return undefined;
  if (objects.length > 0) return ['get', ...objects.map(({ kind, name }) => `${kind}/${name}`), ...flags, ...common];
  // Without names `delete` takes what the selectors and --all say; `get` reads the same set.
  return ['get', kinds.join(','), ...flags, ...common];
}

function pathOf(command: KubectlCommand): readonly string[] {
  return findCommand(command.argv).spec.path;
}

function words({ positionals, dashAt }: KubectlCommand): { readonly before: readonly string[]; readonly after: readonly string[] } {
  return dashAt === undefined
    ? { before: positionals, after: [] }
    : { before: positionals.slice(0, dashAt), after: positionals.slice(dashAt) };
}

function writeFlag({ spec, value }: FlagUse): string {
  return value === undefined ? `--${spec.name}` : `--${spec.name}=${value}`;
}
