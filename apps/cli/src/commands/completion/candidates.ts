import type { OptionSpec } from '@kw/runtime';
import { options, presets } from '@kw/runtime';
import { flagTable } from '../../args.ts';
import type { Flag } from '../../args.ts';
import { commands, findCommand } from '../table.ts';
import type { CommandSpec } from '../table.ts';

/** A word that may stand next. */
export interface Candidate {
  readonly value: string;
  /** One line for people. */
  readonly meaning?: string;
}

/** What only files and the disk know; each may answer with nothing. */
export interface CompletionSources {
  readonly sessions: () => Promise<readonly Candidate[]>;
  readonly contexts: () => Promise<readonly Candidate[]>;
  /** Servers of mcp.yaml. */
  readonly mcpServers: () => Promise<readonly Candidate[]>;
  /** Providers of the configuration file. */
  readonly providers: () => Promise<readonly string[]>;
}

/** Words that may stand next, and whether a file may. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

const nothing: Completion = { candidates: [], files: false };

/** What may stand where the last of these words is being written. The words before it are the command line without the program's name. */
export async function candidatesFor(words: readonly string[], language: 'en' | 'zh', sources: CompletionSources): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const before = readWords(words.slice(0, -1));
  if (before.ended) return nothing;
  if (before.pending !== undefined)
    return starting(current, await valuesOf(ofCommand(before.pending, before.words[0]), before.provider, sources));
  const [, name, value] = /^(--[^=]+|-[a-zA-Z])=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && value !== undefined) {
    const flag = flagTable().get(name);
    if (flag === undefined) return nothing;
    const values = await valuesOf(ofCommand(flag, before.words[0]), before.provider, sources);
    const candidates = values.candidates.map((each) => ({ ...each, value: `${name}=${each.value}` }));
    return starting(current, { ...values, candidates });
  }
  if (current.startsWith('-'))
    return starting(current, { candidates: flagCandidates(findCommand(before.words[0]), language), files: false });
  return starting(current, { candidates: await wordCandidates(before.words, language, sources), files: false });
}

function starting(prefix: string, { candidates, files }: Completion): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(prefix)), files };
}

interface WordsBefore {
  readonly words: readonly string[];
  /** A flag whose value is being written. */
  readonly pending?: Flag;
  /** What `--llm-provider` says so far. */
  readonly provider?: string;
  /** After `--` everything belongs to the question. */
  readonly ended: boolean;
}

function readWords(all: readonly string[]): WordsBefore {
  const known = flagTable();
  const words: string[] = [];
  let pending: Flag | undefined;
  let provider: string | undefined;
  for (const word of all) {
    if (word === '--') return { words, ended: true };
    if (pending !== undefined) {
      if (pending.key === 'llm-provider') provider = word;
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [name = '', value] = word.split('=', 2);
      const flag = known.get(name);
      if (flag !== undefined && !flag.isSwitch && value === undefined) pending = flag;
      if (flag?.key === 'llm-provider' && value !== undefined) provider = value;
    } else words.push(word);
  }
  return { words, ended: false, ...(pending === undefined ? {} : { pending }), ...(provider === undefined ? {} : { provider }) };
}

async function valuesOf({ key, kind }: Flag, provider: string | undefined, sources: CompletionSources): Promise<Completion> {
  const of = (candidates: readonly Candidate[]): Completion => ({ candidates, files: false });
  switch (key) {
    case 'llm-provider':
      return of([...(await sources.providers()), ...presets.map(({ id }) => id)].map((value) => ({ value })));
    case 'model':
      return of(modelsOf(provider));
    case 'context':
      return of(await sources.contexts());
    case 'resume-session':
      return of([{ value: 'latest' }, ...(await sources.sessions())]);
    default:
  }
  if (typeof key === 'object') return of(ownValues(key.own));
  if (kind?.type === 'choice') return of(kind.values.map((value) => ({ value })));
  if (kind?.type === 'switch') return of([{ value: 'true' }, { value: 'false' }]);
  return { candidates: [], files: kind !== undefined && 'isPath' in kind && kind.isPath === true };
}

/** A flag of the command that has the name of an option stands in its place. */
function ofCommand(flag: Flag, command: string | undefined): Flag {
  const own = findCommand(command)?.flags?.find(({ name }) => name === flag.key);
  return own === undefined ? flag : { key: { own: own.name }, isSwitch: flag.isSwitch };
}

/** What a flag of a command may be. */
function ownValues(name: string): readonly Candidate[] {
  const flag = commands.flatMap(({ flags = [] }) => flags).find((each) => each.name === name);
  return (flag?.values ?? []).map((value) => ({ value }));
}

/** The documented models of a provider, or of all: a model names its provider. */
function modelsOf(provider: string | undefined): readonly Candidate[] {
  const chosen = presets.filter(({ id, aliases }) => provider === undefined || id === provider || aliases.includes(provider));
  return chosen.flatMap(({ title, models }) => models.map((value) => ({ value, meaning: title })));
}

function flagCandidates(command: CommandSpec | undefined, language: 'en' | 'zh'): readonly Candidate[] {
  const own = (command?.flags ?? []).map(({ name, description, descriptionZh }) => ({
    value: `--${name}`,
    meaning: firstSentence(language === 'zh' ? descriptionZh : description),
  }));
  const specs: readonly OptionSpec[] = options;
  const general = specs
    .filter(({ flag }) => flag !== false)
    .map(({ key, description, descriptionZh }) => ({
      value: key.length === 1 ? `-${key}` : `--${key}`,
      meaning: firstSentence(language === 'zh' ? descriptionZh : description),
    }));
  return [...own, ...general, { value: '--help' }, { value: '--version' }];
}

async function wordCandidates(words: readonly string[], language: 'en' | 'zh', sources: CompletionSources): Promise<readonly Candidate[]> {
  const [first, second] = words;
  const names = commands
    .filter(({ hidden }) => hidden !== true)
    .map(({ name, summary, summaryZh }) => ({ value: name, meaning: language === 'zh' ? summaryZh : summary }));
  if (first === undefined) return names;
  const command = findCommand(first);
  if (command === undefined) return [];
  if (command.name === 'help') return second === undefined ? names : [];
  const { subcommands, takesSessions } = command;
  if (subcommands !== undefined && second === undefined) return subcommands.map((value) => ({ value }));
  if (command.name === 'mcp') return words.length === 2 && ['test', 'trust', 'login'].includes(second ?? '') ? sources.mcpServers() : [];
  if (takesSessions !== true || second === 'list') return [];
  const more = subcommands === undefined ? words.length === 1 : words.length === 2 || second === 'delete';
  return more ? [{ value: 'latest' }, ...(await sources.sessions())] : [];
}

function firstSentence(text: string): string {
  return /^.*?[.:;。：；]/u.exec(text)?.[0].slice(0, -1) ?? text;
}
