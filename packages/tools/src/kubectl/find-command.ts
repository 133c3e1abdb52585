import { kubectlRoot } from './table.ts';
import type { CommandSpec } from './table.ts';

/** The command that kubectl would run, and the arguments it would hand to it. */
export interface FoundCommand {
  readonly spec: CommandSpec;
  readonly args: readonly string[];
}

// kubectl looks for its command before it reads flags, by a simpler reading of its own: a flag that is not known (yet) to take no
// value swallows the next word. The two functions below are that reading, word for word, so that both arrive at the same command.

function swallowsNext(word: string, spec: CommandSpec): boolean {
  if (word.includes('=')) return false;
  if (word.startsWith('--')) {
    const flag = spec.flags.get(word.slice(2).replaceAll('_', '-'));
    return flag === undefined || flag.value === 'required';
  }
  if (word.length !== 2 || !word.startsWith('-')) return false;
  const flag = spec.shorthands.get(word.slice(1));
  return flag === undefined || flag.value === 'required';
}

function firstWord(args: readonly string[], spec: CommandSpec): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') return undefined;
    if (swallowsNext(word, spec)) {
      if (args.length - index - 1 <= 1) return undefined;
      index += 1;
    } else if (word !== '' && !word.startsWith('-')) {
      return word;
    }
  }
  return undefined;
}

function withoutFirst(args: readonly string[], name: string, spec: CommandSpec): readonly string[] {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') return args;
    if (swallowsNext(word, spec)) index += 1;
    else if (word === name) return [...args.slice(0, index), ...args.slice(index + 1)];
  }
  return args;
}

/** Finds the command that an argument list names, as kubectl does: the deepest command whose names lead the words that are not flags. */
export function findCommand(args: readonly string[]): FoundCommand {
  let spec = kubectlRoot();
  let rest = args;
  for (;;) {
    const word = firstWord(rest, spec);
    const child = word === undefined ? undefined : spec.children.get(word);
    if (word === undefined || child === undefined) return { spec, args: rest };
    rest = withoutFirst(rest, word, spec);
    spec = child;
  }
}
