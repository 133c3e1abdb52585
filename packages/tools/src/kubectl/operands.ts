import { toKind } from './kinds.ts';
import type { OperandShape } from './verbs.ts';

/** One object that a command names. */
export interface ObjectName {
  readonly kind: string;
  readonly name: string;
}

/** What the words of a command that are not flags stand for. */
export interface Operands {
  /** Plural lower-case resource names, each once. */
  readonly kinds: readonly string[];
  readonly objects: readonly ObjectName[];
  /** What follows the objects: pairs of `label`, the program of `exec`, the sources of `cp`. */
  readonly rest: readonly string[];
}

const none: Operands = { kinds: [], objects: [], rest: [] };

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

function ofObjects(objects: readonly ObjectName[], rest: readonly string[]): Operands {
  return { kinds: unique(objects.map((object) => object.kind)), objects, rest };
}

/** One `type/name` word; a bare word is a name of the kind that the command expects. */
function toObject(word: string, fallback: string): ObjectName {
  const slash = word.indexOf('/');
  return slash < 0 ? { kind: fallback, name: word } : { kind: toKind(word.slice(0, slash)), name: word.slice(slash + 1) };
}

function readResources(words: readonly string[], rest: readonly string[] = []): Operands {
  const [types, ...names] = words;
  if (types === undefined) return { ...none, rest };
  // With one slash kubectl reads every word as type/name; type lists such as `pods,secrets/x` are refused by it but read here.
  if (words.some((word) => word.includes('/'))) {
    const objects = words.flatMap((word) => {
      const name = word.slice(word.indexOf('/') + 1);
      return word
        .slice(0, word.includes('/') ? word.indexOf('/') : undefined)
        .split(',')
        .map((type) => ({ kind: toKind(type), name }));
    });
    return ofObjects(objects, rest);
  }
  const kinds = unique(
    types
      .split(',')
      .filter((type) => type !== '')
      .map(toKind),
  );
  return { kinds, objects: kinds.flatMap((kind) => names.map((name) => ({ kind, name }))), rest };
}

function isPair(word: string): boolean {
  return word.indexOf('=') > 0 || (word.endsWith('-') && word.length > 1);
}

/** Reads the words of a command by the shape that its verb gives them. */
export function readOperands(shape: OperandShape, positionals: readonly string[], dashAt?: number): Operands {
  switch (shape) {
    case 'resources':
      return readResources(positionals);
    case 'pairs': {
      const first = positionals.findIndex(isPair);
      return first < 0 ? readResources(positionals) : readResources(positionals.slice(0, first), positionals.slice(first));
    }
    case 'pod': {
      const [pod, ...rest] = positionals.slice(0, dashAt);
      const after = dashAt === undefined ? rest : [...rest, ...positionals.slice(dashAt)];
      return pod === undefined ? { ...none, rest: after } : ofObjects([toObject(pod, 'pods')], after);
    }
    case 'pods':
      return ofObjects(
        positionals.slice(0, dashAt).map((word) => toObject(word, 'pods')),
        dashAt === undefined ? [] : positionals.slice(dashAt),
      );
    case 'nodes':
      return ofObjects(
        positionals.map((word) => toObject(word, 'nodes')),
        [],
      );
    case 'files':
      return { ...none, rest: positionals };
    case 'none':
      return { ...none, rest: positionals };
    default:
      return ofObjects(
        positionals.slice(0, 1).map((name) => ({ kind: shape.creates, name })),
        positionals.slice(1),
      );
  }
}
