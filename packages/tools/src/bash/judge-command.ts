import type { Assignment, Command, Redirection, Word } from 'unbash';
import { findHidden } from '../effects/hidden-characters.ts';
import { combine } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { showOpaque } from '../kubectl/opaque.ts';
import { judgeAssignedName } from './environment.ts';
import { expandWord } from './expand.ts';
import { anySource } from './output-shape.ts';
import { hereDocText, judgeRedirection } from './redirects.ts';
import type { ShellWord } from './shell-word.ts';
import { spend } from './walk.ts';
import type { Walk, Walked } from './walk.ts';

/** Walks over words and the scripts inside them; nothing of it runs in this shell but the expansion. */
export function walkWords(words: readonly Word[], walk: Walk): Walked & { readonly words: readonly ShellWord[] } {
  const expansions = words.map((word) => expandWord(word, walk));
  const inner = expansions
    .flatMap((expansion) => expansion.scripts)
    .map((script) => walk.walkScript(script, { ...walk, stdin: anySource, input: undefined }));
  return {
    words: expansions.flatMap((expansion) => expansion.words),
    parts: inner.flatMap((each) => each.parts),
    findings: [
      ...expansions.flatMap((expansion) => expansion.findings),
      ...inner.flatMap((each) => each.findings),
      ...words.flatMap(() => spend(walk)),
    ],
    assigned: walk.assigned,
  };
}

/** Walks over redirections. */
export function walkRedirections(redirections: readonly Redirection[], walk: Walk): Walked {
  const judged = redirections.map((redirection) => judgeRedirection(redirection, walk));
  const inner = judged
    .flatMap((each) => each.scripts)
    .map((script) => walk.walkScript(script, { ...walk, stdin: anySource, input: undefined }));
  return {
    parts: inner.flatMap((each) => each.parts),
    findings: [...judged.flatMap((each) => each.findings), ...inner.flatMap((each) => each.findings)],
    assigned: walk.assigned,
  };
}

function wordsOfAssignment(assignment: Assignment): readonly Word[] {
  const value = assignment.value.type === 'ArrayValue' ? assignment.value.elements : [assignment.value];
  return value;
}

/** An index is evaluated, and with it what a variable in it holds: `a[b]=1`, `a=([b]=1)`. */
function judgeIndexes(assignment: Assignment): readonly Finding[] {
  const indexed = assignment.value.type === 'ArrayValue' ? assignment.value.elements.filter((word) => word.text.startsWith('[')) : [];
  const indexes = [
    ...(assignment.index === undefined ? [] : [assignment.index.text]),
    ...indexed.map((word) => /^\[(.*?)\]/.exec(word.text)?.[1] ?? word.text),
  ];
  return indexes
    .filter((index) => !/^\d+$/.test(index))
    .map((index) => ({ effect: 'unknown', reason: `the index ${index} is arithmetic that is not known before` }));
}

function judgeAssignment(assignment: Assignment, isExported: boolean): readonly Finding[] {
  return [...judgeAssignedName(assignment.name, isExported), ...judgeIndexes(assignment)];
}

const declarations: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

/** The words behind a command's name; an assignment among them stands as `NAME=value`. */
function argumentWords(command: Command): {
  readonly words: readonly Word[];
  readonly assignments: ReadonlyMap<Word, string>;
  readonly set: readonly string[];
  readonly findings: readonly Finding[];
} {
  const assignments = new Map<Word, string>();
  const set: string[] = [];
  const findings: Finding[] = [];
  const isDeclaration = declarations.has(command.name?.value ?? '');
  const words = command.args.flatMap((argument) => {
    if (argument.type === 'Word') return [argument];
    if (isDeclaration) {
      set.push(argument.name);
      findings.push(...judgeIndexes(argument));
    }
    const values = wordsOfAssignment(argument);
    for (const value of values) assignments.set(value, `${argument.name}=`);
    return values.length > 0 ? [...values] : [];
  });
  return { words, assignments, set, findings };
}

/** Walks over a simple command: its assignments, redirections, expansions, and the program that it runs. */
export function walkCommand(command: Command, walk: Walk): Walked {
  const assignments = command.prefix.filter((item) => item.type === 'Assignment');
  const hasProgram = command.name !== undefined;
  const spent = spend(walk);
  const values = walkWords(assignments.flatMap(wordsOfAssignment), walk);
  const redirected = walkRedirections(command.redirects, walk);
  const named: readonly Finding[] = assignments.flatMap((assignment) =>
    isHarmlessPrefix(assignment, command) ? [] : judgeAssignment(assignment, hasProgram),
  );
  const findings = [...spent, ...values.findings, ...redirected.findings, ...named];
  const parts = [...values.parts, ...redirected.parts];
  if (command.name === undefined)
    return { parts, findings, assigned: new Set([...walk.assigned, ...assignments.map((assignment) => assignment.name)]) };
  const { words: args, assignments: inArguments, set, findings: inIndexes } = argumentWords(command);
  const name = walkWords([command.name], walk);
  const rest = args.map((word) => ({ word, walked: walkWords([word], walk) }));
  const restWords = rest.flatMap(({ word, walked }) => {
    const prefix = inArguments.get(word);
    return prefix === undefined ? walked.words : [{ text: prefix + walked.words.map((each) => each.text).join(' ') }];
  });
  const words = [...name.words, ...restWords];
  const program = judgeExpanded(words, { ...walk, ...inputOf(command.redirects, walk) });
  return {
    parts: [...parts, ...name.parts, ...rest.flatMap(({ walked }) => walked.parts), program],
    findings: [...findings, ...inIndexes, ...name.findings, ...rest.flatMap(({ walked }) => walked.findings)],
    assigned: new Set([...walk.assigned, ...set]),
  };
}

/** `IFS= read` gives the variable to that one builtin, which only splits a line by it. */
function isHarmlessPrefix(assignment: Assignment, command: Command): boolean {
  return assignment.name === 'IFS' && command.name?.text === 'read';
}

/** What a command's own redirections give it by stdin; the last one counts. */
function inputOf(redirections: readonly Redirection[], walk: Walk): Pick<Walk, 'stdin' | 'input'> {
  const last = redirections.findLast(
    (redirection) =>
      redirection.operator.startsWith('<') &&
      (redirection.descriptor === undefined || (redirection.descriptor.type === 'FileDescriptor' && redirection.descriptor.value === 0)),
  );
  if (last === undefined) return walk;
  return { stdin: anySource, input: last.type === 'HereDoc' ? hereDocText(last) : undefined };
}

function judgeExpanded(words: readonly ShellWord[], walk: Walk): Judgement {
  const hidden = words.map((word) => findHidden(word.text.replaceAll(/[\u{e000}\u{e001}]/gu, ''))).find((found) => found !== undefined);
  if (hidden !== undefined) return combine([], [{ effect: 'unknown', reason: `a word holds the hidden character ${hidden}` }]);
  const [first] = words;
  if (first !== undefined && first.loose === undefined && walk.assigned.has(`${first.text}()`)) {
    // What a function does was judged where it is defined.
    return combine([], [{ effect: 'read', reason: `${showOpaque(first.text)} is a function of this line` }]);
  }
  return walk.judgeWords(words, walk);
}
