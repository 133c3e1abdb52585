import { forEachChild } from 'unbash';
import type { ParsedScript, SyntaxNode } from 'unbash';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { conclude } from '../effects/judgement.ts';
import type { ExpansionScope } from './expand.ts';
import type { Source } from './output-shape.ts';
import type { ShellWord } from './shell-word.ts';

/** The most nodes of a script that are judged. */
export const maxNodes: number = 500;

/** Counts what was walked; one for a whole line, nested sources too. */
export interface Budget {
  nodes: number;
}

/** Where a walk stands. */
export interface Walk extends ExpansionScope {
  readonly budget: Budget;
  /** What is known about what comes by stdin. */
  readonly stdin: Source;
  /** The text that comes by stdin, where it is known. */
  readonly input?: string | undefined;
  /** Judges a command whose words are expanded. */
  readonly judgeWords: (words: readonly ShellWord[], walk: Walk) => Judgement;
  /** Walks over a script inside this one. */
  readonly walkScript: (script: ParsedScript, walk: Walk) => Walked;
}

/** What a walk over a part of a script found. `assigned` is what is certain to be set afterwards: variables, and functions as `name()`. */
export interface Walked {
  readonly parts: readonly Judgement[];
  readonly findings: readonly Finding[];
  readonly assigned: ReadonlySet<string>;
}

// What is too small to count: the pieces of a word, and the lists that hold commands.
const uncounted: ReadonlySet<string> = new Set([
  'Literal',
  'SingleQuoted',
  'DoubleQuoted',
  'AnsiCQuoted',
  'Statement',
  'CompoundList',
  'Script',
  'HereDocBody',
  'HereDocDelimiter',
  'FileDescriptor',
]);

/** The deepest nesting of substitutions and groups that is parsed: it costs the parser most. */
const deepestNesting = 40;

/** The most here-documents of a source that is parsed. */
const mostHereDocuments = 64;

/** True for source that nests more deeply than is parsed, quotes not looked at. */
export function isTooDeep(source: string): boolean {
  // Each is looked for to the end of the line: thousands take the parser seconds.
  if (source.split('<<').length - 1 > mostHereDocuments) return true;
  let depth = 0;
  let ticks = 0;
  for (const character of source) {
    if (character === '(' || character === '{') depth += 1;
    if (character === ')' || character === '}') depth = Math.max(0, depth - 1);
    if (character === '`') ticks += 1;
    if (depth > deepestNesting || ticks > maxNodes) return true;
  }
  return false;
}

/** True where a script has more nodes than are judged; it stops counting there. */
export function isTooLong(script: ParsedScript): boolean {
  let count = 0;
  const visit = (node: SyntaxNode): void => {
    if (!uncounted.has(node.type)) count += 1;
    if (count <= maxNodes) forEachChild(node, visit);
  };
  visit(script);
  return count > maxNodes;
}

/** A finding about a script that is too long. */
export const tooLong: Finding = { effect: 'unknown', reason: `more than ${maxNodes} parts: too long to judge` };

/** Takes one node from the budget; a finding where it is spent. */
export function spend(walk: Walk): readonly Finding[] {
  walk.budget.nodes += 1;
  return walk.budget.nodes > maxNodes ? [tooLong] : [];
}

/** Joins what was found in several places that all may run; what they set is not certain. */
export function gather(walk: Walk, ...places: readonly Walked[]): Walked {
  return { parts: places.flatMap((place) => place.parts), findings: places.flatMap((place) => place.findings), assigned: walk.assigned };
}

/** A place where nothing but findings is. */
export function onlyFindings(walk: Walk, findings: readonly Finding[]): Walked {
  return { parts: [], findings, assigned: walk.assigned };
}

/** The errors that the parser met in a script. */
export function parseErrors(script: ParsedScript): readonly Finding[] {
  return (script.errors ?? []).map((error): Finding => ({
    effect: 'unknown',
    reason: `the shell line could not be read: ${error.message} at position ${error.pos}`,
  }));
}

/** A judgement of one unknown thing. */
export function unknownJudgement(reason: string): Judgement {
  return conclude([{ effect: 'unknown', reason }]);
}
