import type { ChangePreview, ObjectChange } from '@kw/agent';
import { findCommand } from '../kubectl/find-command.ts';
import type { KubectlCommand } from '../kubectl/parse-kubectl.ts';
import { changeOf, deletionOf } from './change-of.ts';
import type { KubeObject } from './kube-object.ts';
import { keyOf, parseObjects } from './kube-object.ts';
import { canonicalJson, meaningful } from './meaningful.ts';
import { selectionArguments, tryArguments } from './preview-arguments.ts';
import { scaled } from './scaled.ts';

/** Objects that a preview lists; the rest is counted. */
const maxObjects = 50;

/** What one kubectl call answered. */
export interface KubectlAnswer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl on the frozen target, for reads and dry runs only. */
export type AskKubectl = (args: readonly string[], input?: string) => Promise<KubectlAnswer>;

/** What a command would change, by the server's own dry run; for a deletion, what it would take. Reads only. */
export async function previewKubectl(command: KubectlCommand, ask: AskKubectl, input?: string): Promise<ChangePreview> {
  if (command.verb === 'delete') return previewDeletion(command, ask, input);
  if (!command.supportsServerDryRun) return previewWithoutTrial(command, ask, input);
  if (command.verb === 'rollout undo') return previewUndo(command, ask);
  const { spec } = findCommand(command.argv);
  const printsObjects = spec.flags.has('output');
  const trial = await ask(tryArguments(command, printsObjects), input);
  const warnings = warningsOf(trial.stderr);
  if (trial.exitCode !== 0) return { objects: [], warnings, unavailable: `the dry run failed: ${errorOf(trial)}` };
  if (!printsObjects) {
    const state = await previewWithoutTrial(command, ask, input);
    return {
      ...state,
      warnings: [...warnings, ...linesOf(trial.stdout)],
      unavailable: `kubectl ${command.verb} prints no objects in a dry run`,
    };
  }
  const printed = readObjects(trial.stdout);
  if (printed === undefined || printed.length === 0) return { objects: [], warnings, unavailable: 'the dry run printed no objects' };
  const after = command.verb === 'scale' ? scaled(command, printed) : printed;
  if (after === undefined)
    return {
      ...(await previewWithoutTrial(command, ask, input)),
      unavailable: 'the dry run of scale does not tell what becomes of this kind',
    };
  const before = await liveOf(after, ask);
  if (before === undefined) return { objects: [], warnings, unavailable: 'the live objects could not be read' };
  return conclude(
    after.map((object) => changeOf(before.get(keyOf(object)), object)),
    { warnings, live: [...before.values()], expected: after },
  );
}

async function previewDeletion(command: KubectlCommand, ask: AskKubectl, input: string | undefined): Promise<ChangePreview> {
  const live = await select(command, ask, input);
  return 'unavailable' in live
    ? live
    : conclude(live.objects.map(deletionOf), { warnings: live.warnings, live: live.objects, expected: [] });
}

/** kubectl prints the object as it is, not as it becomes; the template that comes back is told, as text, by a dry run of the client alone. */
async function previewUndo(command: KubectlCommand, ask: AskKubectl): Promise<ChangePreview> {
  const args = tryArguments(command, false);
  const trial = await ask(args);
  if (trial.exitCode !== 0)
    return { objects: [], warnings: warningsOf(trial.stderr), unavailable: `the dry run failed: ${errorOf(trial)}` };
  const told = await ask(args.map((word) => (word === '--dry-run=server' ? '--dry-run=client' : word)));
  const state = await previewWithoutTrial(command, ask, undefined);
  return {
    ...state,
    warnings: [...warningsOf(trial.stderr), ...linesOf(told.stdout).filter((line) => line.trim() !== '(dry run)')],
    unavailable: 'kubectl tells what comes back, not the difference',
  };
}

/** The verb has no dry run: the objects that it names are shown and remembered, not what would become of them. */
async function previewWithoutTrial(command: KubectlCommand, ask: AskKubectl, input: string | undefined): Promise<ChangePreview> {
  const unavailable = `kubectl ${command.verb} has no dry run`;
  if (command.operands.objects.length === 0 && command.files.length === 0) return { objects: [], warnings: [], unavailable };
  const live = await select(command, ask, input);
  if ('unavailable' in live) return { ...live, unavailable };
  return { ...(await conclude([], { warnings: live.warnings, live: live.objects, expected: [] })), unavailable };
}

type Selection = { readonly objects: readonly KubeObject[]; readonly warnings: readonly string[] };

async function select(
  command: KubectlCommand,
  ask: AskKubectl,
  input: string | undefined,
): Promise<Selection | (ChangePreview & { readonly unavailable: string })> {
  const args = selectionArguments(command);
  if (args === undefined) return { objects: [], warnings: [], unavailable: 'the objects are not known before' };
  const answer = await ask(args, input);
  const warnings = warningsOf(answer.stderr);
  if (answer.exitCode !== 0) return { objects: [], warnings, unavailable: `the objects could not be read: ${errorOf(answer)}` };
  const objects = readObjects(answer.stdout);
  return objects === undefined ? { objects: [], warnings, unavailable: 'the objects could not be read' } : { objects, warnings };
}

/** The live objects that a dry run's result would replace; undefined where they can not be read. */
async function liveOf(objects: readonly KubeObject[], ask: AskKubectl): Promise<ReadonlyMap<string, KubeObject> | undefined> {
  const named = objects.filter((object) => object.name !== '');
  if (named.length === 0) return new Map();
  const items = named.map(({ apiVersion, kind, name, namespace }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  }));
  const answer = await ask(
    ['get', '-f', '-', '-o', 'json', '--ignore-not-found'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  if (answer.exitCode !== 0) return undefined;
  const live = readObjects(answer.stdout);
  return live === undefined ? undefined : new Map(live.map((object) => [keyOf(object), object]));
}

interface State {
  readonly warnings: readonly string[];
  readonly live: readonly KubeObject[];
  /** What a dry run would leave; those without a live object are part of the state as missing. */
  readonly expected: readonly KubeObject[];
}

async function conclude(changes: readonly ObjectChange[], { warnings, live, expected }: State): Promise<ChangePreview> {
  const { createHash } = await import('node:crypto'); // costs a start that needs no preview nothing
  const more = Math.max(0, changes.length - maxObjects);
  const present = new Map(live.map((object) => [keyOf(object), object]));
  const lines = [
    ...live.map((object) => `${keyOf(object)}\n${object.uid ?? ''}\n${canonicalJson(meaningful(object.content))}`),
    ...expected.filter((object) => !present.has(keyOf(object))).map((object) => `${keyOf(object)}\nmissing`),
  ];
  return {
    objects: changes.slice(0, maxObjects),
    ...(more > 0 ? { more } : {}),
    warnings,
    stateHash: createHash('sha256').update(lines.toSorted().join('\n\n')).digest('hex'),
  };
}

function readObjects(text: string): readonly KubeObject[] | undefined {
  try {
    return parseObjects(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function warningsOf(stderr: string): readonly string[] {
  return linesOf(stderr)
    .filter((line) => /^warning:/i.test(line))
    .map((line) => line.replace(/^warning:\s*/i, ''));
}

function errorOf({ stderr, exitCode }: KubectlAnswer): string {
  const lines = linesOf(stderr).filter((line) => !/^warning:/i.test(line));
  return lines.join(' ').slice(0, 2_000) || `kubectl ended with ${exitCode ?? 'a signal'}`;
}
