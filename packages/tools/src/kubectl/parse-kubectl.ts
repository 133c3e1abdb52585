import { findHidden } from '../effects/hidden-characters.ts';
import { findCommand } from './find-command.ts';
import { readOperands } from './operands.ts';
import type { Operands } from './operands.ts';
import { parseArguments, parseBoolean } from './parse-flags.ts';
import type { FlagUse } from './parse-flags.ts';
import { readCommand } from './read-command.ts';
import { groups, verbs } from './verbs.ts';
import type { VerbRule } from './verbs.ts';

/** How a change is only tried: not at all, by kubectl alone, or by the server. */
export type DryRun = 'none' | 'client' | 'server';

/** A kubectl command, read as kubectl reads it. */
export interface KubectlCommand {
  readonly type: 'parsed';
  /** What to hand to kubectl, without the program's name. */
  readonly argv: readonly string[];
  /** Verb and sub-verb, such as `get` or `rollout undo`; empty where only help is printed. */
  readonly verb: string;
  readonly rule: VerbRule;
  /** Every flag as given, in order. */
  readonly uses: readonly FlagUse[];
  readonly positionals: readonly string[];
  readonly dashAt?: number;
  readonly operands: Operands;
  readonly namespace?: string;
  readonly allNamespaces: boolean;
  readonly context?: string;
  readonly output?: string;
  readonly dryRun: DryRun;
  /** True where the same command could be tried with `--dry-run=server`. */
  readonly supportsServerDryRun: boolean;
  /** What `-f` names; `-` is stdin. */
  readonly files: readonly string[];
  /** What `-k` names. */
  readonly kustomization?: string;
  readonly readsStdin: boolean;
}

/** A command that was not understood; it must not run without being asked. */
export interface UnreadKubectl {
  readonly type: 'unread';
  readonly reason: string;
  /** True where a shell could read it: it is for the shell analysis. */
  readonly forShell: boolean;
  readonly argv: readonly string[];
  /** The flag `--kuberc` was seen, which is read before all others. */
  readonly movesTarget?: string;
}

const nothing: VerbRule = { effect: 'read', operands: 'none', does: 'prints help' };

function unread(argv: readonly string[], reason: string, movesTarget?: string): UnreadKubectl {
  return { type: 'unread', reason, forShell: false, argv, ...(movesTarget !== undefined && { movesTarget }) };
}

/** The last value of a flag; undefined where it was not given, the empty string where it was given bare. */
export function lastValue(uses: readonly FlagUse[], name: string): string | undefined {
  const last = uses.findLast((use) => use.spec.name === name);
  return last === undefined ? undefined : (last.value ?? '');
}

/** Whether a boolean flag is on; undefined where its last value is not a boolean. */
export function isOn(uses: readonly FlagUse[], name: string): boolean | undefined {
  const value = lastValue(uses, name);
  if (value === undefined) return false;
  return value === '' && uses.findLast((use) => use.spec.name === name)?.value === undefined ? true : parseBoolean(value);
}

function readDryRun(uses: readonly FlagUse[]): DryRun {
  const last = uses.findLast((use) => use.spec.name === 'dry-run');
  if (last === undefined) return 'none';
  if (last.value === undefined || last.value === 'client') return 'client';
  return last.value === 'server' ? 'server' : 'none';
}

/** Reads an argument list, with or without the program's name in front. */
export function parseKubectlArgv(words: readonly string[]): KubectlCommand | UnreadKubectl {
  const argv = words[0] === 'kubectl' ? words.slice(1) : words;
  const end = argv.indexOf('--');
  // kubectl looks for this one in raw words, before and beside its flag parser.
  const kuberc = argv.slice(0, end < 0 ? undefined : end).find((word) => word === '--kuberc' || word.includes('--kuberc='));
  if (kuberc !== undefined) return unread(argv, `${kuberc} loads preferences that can change what commands mean`, '--kuberc');
  const found = findCommand(argv);
  const verb = found.spec.path.join(' ');
  const parsed = parseArguments(found.args, found.spec);
  if (parsed.type === 'unreadable') return unread(argv, parsed.reason);
  const broken = parsed.uses.find(
    (use) => use.spec.value === 'boolean' && use.value !== undefined && parseBoolean(use.value) === undefined,
  );
  if (broken !== undefined) return unread(argv, `${broken.written} is neither true nor false`);
  const isHelp = isOn(parsed.uses, 'help') === true;
  const isGroup = groups.has(verb);
  const [stray] = parsed.positionals;
  if ((isGroup || (verb === 'create' && !isHelp)) && stray !== undefined) {
    return unread(
      argv,
      `${JSON.stringify(stray)} is no ${verb === '' ? 'verb' : `sub-verb of ${verb}`} of kubectl: it may be a plugin, a program of its own`,
    );
  }
  const rule = isHelp || isGroup ? nothing : verbs.get(verb);
  if (rule === undefined) return unread(argv, `kubectl ${verb} is not known`);
  const { uses, positionals, dashAt } = parsed;
  const namespace = lastValue(uses, 'namespace');
  const context = lastValue(uses, 'context');
  const output = lastValue(uses, 'output') ?? (lastValue(uses, 'template') === undefined ? undefined : 'go-template');
  const kustomization = lastValue(uses, 'kustomize');
  const files = uses.filter((use) => use.spec.name === 'filename').flatMap((use) => (use.value ?? '').split(','));
  const fromStdin =
    files.includes('-') ||
    ['from-file', 'from-env-file', 'patch-file'].some((name) =>
      uses.some((use) => use.spec.name === name && /(?:^|=)(?:-|\/dev\/stdin)$/.test(use.value ?? '')),
    );
  return {
    type: 'parsed',
    argv,
    verb: isHelp ? '' : verb,
    rule,
    uses,
    positionals,
    ...(dashAt !== undefined && { dashAt }),
    operands: readOperands(rule.operands, positionals, dashAt),
    ...(namespace !== undefined && { namespace }),
    allNamespaces: isOn(uses, 'all-namespaces') === true,
    ...(context !== undefined && { context }),
    ...(output !== undefined && { output }),
    dryRun: readDryRun(uses),
    supportsServerDryRun:
      rule.effect !== 'read' && found.spec.flags.has('dry-run') && lastValue(uses, 'raw') === undefined && isOn(uses, 'local') !== true,
    files,
    ...(kustomization !== undefined && { kustomization }),
    readsStdin: fromStdin || isOn(uses, 'stdin') === true || (verb === 'set env' && positionals.includes('-')),
  };
}

/** Reads a command string such as `kubectl get pods -n shop` or `get pods -n shop`; never throws. */
export function parseKubectl(command: string | readonly string[]): KubectlCommand | UnreadKubectl {
  const hidden = findHidden(typeof command === 'string' ? command : command.join(' '));
  if (hidden !== undefined) return unread(typeof command === 'string' ? [] : command, `the hidden character ${hidden}`);
  if (typeof command !== 'string') return parseKubectlArgv(command);
  const tokens = readCommand(command);
  if (tokens.type === 'words') return parseKubectlArgv(tokens.words);
  return { type: 'unread', reason: tokens.reason, forShell: tokens.type === 'shell', argv: [] };
}
