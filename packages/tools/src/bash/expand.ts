import type { DoubleQuotedChild, ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import { findHidden } from '../effects/hidden-characters.ts';
import type { Finding } from '../effects/judgement.ts';
import { opaque, opaqueName } from '../kubectl/opaque.ts';
import { judgeArithmetic, scriptsOfArithmetic } from './arithmetic.ts';
import { isSecretVariable } from './environment.ts';
import { anySource, withoutPrefix } from './output-shape.ts';
import type { ShellWord } from './shell-word.ts';
import type { Shape, ShapeOfScript } from './variables.ts';

/** What expansion may know. */
export interface ExpansionScope {
  readonly variables: ReadonlyMap<string, Shape>;
  /** Variables that are certain to have been set where the word stands. */
  readonly assigned: ReadonlySet<string>;
  readonly shapeOfScript: ShapeOfScript;
}

/** A word after expansion, with what must be judged beside it. */
export interface Expansion {
  readonly words: readonly ShellWord[];
  /** Scripts that run while the word is made. */
  readonly scripts: readonly ParsedScript[];
  readonly findings: readonly Finding[];
}

interface Draft {
  text: string;
  loose: 'any' | 'names' | undefined;
  /** Set where the whole word is one unquoted variable of several known words. */
  split: readonly string[] | undefined;
  readonly scripts: ParsedScript[];
  readonly findings: Finding[];
}

const anything: Shape = { type: 'any' };

function shapeOfVariable(name: string, scope: ExpansionScope): Shape {
  if (['?', '#', '$', '!', 'RANDOM', 'SECONDS', 'LINENO', 'PPID', 'UID', 'EUID'].includes(name)) return { type: 'number' };
  return scope.assigned.has(name) ? (scope.variables.get(name) ?? anything) : anything;
}

function addShape(draft: Draft, shape: Shape, isQuoted: boolean): void {
  if (shape.type === 'exact') {
    const words = shape.text.split(/[ \t\n]+/).filter((word) => word !== '');
    if (isQuoted || (words.length === 1 && /^[^*?[\]\s]+$/.test(shape.text))) draft.text += shape.text;
    else if (draft.text === '' && words.every((word) => !/[*?[\]\\]/.test(word))) draft.split = words;
    else addShape(draft, anything, false);
  } else if (shape.type === 'any') {
    draft.text += opaque;
    if (!isQuoted) draft.loose = 'any';
  } else {
    draft.text += ('prefix' in shape ? (shape.prefix ?? '') : '') + opaqueName;
    if (shape.type === 'names' && !isQuoted) draft.loose ??= 'names';
  }
}

function addNested(draft: Draft, word: Word | undefined, scope: ExpansionScope): void {
  if (word === undefined) return;
  const inner = expandWord(word, scope);
  draft.scripts.push(...inner.scripts);
  draft.findings.push(...inner.findings);
}

function unclear(draft: Draft, reason: string): void {
  draft.findings.push({ effect: 'unknown', reason });
}

/** True for text that was read as plain and yet holds what a shell may expand: the reader and the shell differ on it. */
function holdsExpansion(text: string): boolean {
  return /(?<!\\)(?:\\\\)*(?:\$[({[A-Za-z_]|`)/.test(text);
}

function judgeIndex(draft: Draft, index: Word | undefined, scope: ExpansionScope): void {
  if (index === undefined || index.text === '@' || index.text === '*' || /^-?\d+$/.test(index.text)) return;
  const shape = /^\$?\{?(\w+)\}?$/.exec(index.text)?.[1];
  if (shape === undefined || shapeOfVariable(shape, scope).type !== 'number')
    unclear(draft, `the index ${index.text} is arithmetic that is not known before`);
}

function addParameter(draft: Draft, part: ParameterExpansionPart, isQuoted: boolean, scope: ExpansionScope): void {
  const { operation, parameter } = part;
  judgeIndex(draft, part.index, scope);
  // In double quotes a single quote quotes nothing.
  if (isQuoted && part.text.includes("'") && /[$`]/.test(part.text.slice(1))) unclear(draft, `${part.text} is not understood`);
  if (part.prefix === '!') unclear(draft, `${part.text} names a variable by another`);
  if (isSecretVariable(parameter)) draft.findings.push({ trait: 'sensitive', reason: `$${parameter} may hold a secret` });
  if (part.prefix === '#') {
    addShape(draft, { type: 'number' }, isQuoted);
    return;
  }
  if (operation === undefined && part.index === undefined) {
    addShape(draft, shapeOfVariable(parameter, scope), isQuoted && parameter !== '@');
    return;
  }
  switch (operation?.type) {
    case 'Default':
    case 'Remove':
      addNested(draft, operation.operand, scope);
      break;
    case 'CaseModification':
      addNested(draft, operation.operand, scope);
      break;
    case 'Replace':
      addNested(draft, operation.pattern, scope);
      addNested(draft, operation.replacement, scope);
      break;
    case 'Slice':
      judgeIndex(draft, operation.offset, scope);
      judgeIndex(draft, operation.length, scope);
      break;
    case 'Transform':
      if (!/^[QUuL]$/.test(operation.operand.text)) unclear(draft, `${part.text} can run what the variable holds`);
      break;
    case undefined:
      break;
    default:
      unclear(draft, `${part.text} is not understood`);
  }
  if (
    operation?.type === 'Remove' &&
    part.index === undefined &&
    /^(?:[a-z.]+\/|\*\/)$/.test(operation.operand.text) &&
    operation.operator.startsWith('#')
  ) {
    const shape = shapeOfVariable(parameter, scope);
    const bare =
      'prefix' in shape ? withoutPrefix({ type: 'names', ...(shape.prefix !== undefined && { prefix: shape.prefix }) }) : anySource;
    if ('prefix' in shape && bare.type === 'names') {
      addShape(draft, { type: shape.type }, isQuoted);
      return;
    }
  }
  const spreads = part.index !== undefined && part.index.text === '@';
  addShape(draft, anything, isQuoted && !spreads && parameter !== '@');
}

function addPart(draft: Draft, part: WordPart | DoubleQuotedChild, isQuoted: boolean, scope: ExpansionScope): void {
  switch (part.type) {
    case 'Literal':
      if (holdsExpansion(part.text)) unclear(draft, `${part.text} is not understood`);
      draft.text += part.value;
      break;
    case 'SingleQuoted':
      draft.text += part.value;
      break;
    case 'AnsiCQuoted':
      if (findHidden(part.value) !== undefined) unclear(draft, `${part.text} holds the hidden character ${findHidden(part.value) ?? ''}`);
      draft.text += part.value;
      break;
    case 'DoubleQuoted':
      for (const inner of part.parts) addPart(draft, inner, true, scope);
      break;
    case 'SimpleExpansion': {
      const name = part.text.slice(1);
      if (isSecretVariable(name)) draft.findings.push({ trait: 'sensitive', reason: `${part.text} may hold a secret` });
      addShape(draft, shapeOfVariable(name, scope), isQuoted && name !== '@');
      break;
    }
    case 'ParameterExpansion':
      addParameter(draft, part, isQuoted, scope);
      break;
    case 'CommandExpansion':
      if (part.script === undefined) unclear(draft, `${part.text} could not be read`);
      else draft.scripts.push(part.script);
      addShape(draft, scope.shapeOfScript(part.script), isQuoted);
      break;
    case 'ArithmeticExpansion':
      if (part.expression === undefined) unclear(draft, `${part.text} could not be read`);
      draft.findings.push(...judgeArithmetic(part.expression, scope));
      draft.scripts.push(...scriptsOfArithmetic(part.expression));
      addShape(draft, { type: 'number' }, isQuoted);
      break;
    case 'ProcessSubstitution':
      if (part.script === undefined) unclear(draft, `${part.text} could not be read`);
      else draft.scripts.push(part.script);
      draft.text += `/dev/fd/${opaqueName}`;
      break;
    case 'Glob':
    case 'ExtendedGlob':
      // Substitutions inside brackets are not looked into.
      if (/\$[({[]|[`<>]/.test(part.text)) unclear(draft, `${part.text} is not understood`);
      // A path of the API server with its query: there are no such folders on disk.
      if (
        part.type === 'Glob' &&
        part.kind === 'question' &&
        /^\/(?:apis?|healthz|livez|readyz|metrics|version|openapi)\b/.test(draft.text)
      ) {
        draft.text += '?';
        break;
      }
      // It stays as it is, or becomes names that begin as the word does.
      if (draft.text === '') draft.loose = 'any';
      draft.text += draft.text === '' ? opaque : opaqueName;
      break;
    case 'BraceExpansion':
      // Its own substitutions are not looked into.
      if (/[$`<>]/.test(part.text)) unclear(draft, `${part.text} is not understood`);
      draft.loose = 'any';
      draft.text += opaque;
      break;
    default:
      unclear(draft, `${part.text} is not understood`);
      draft.text += opaque;
  }
}

/** Expands a word as far as it can be known without running anything. */
export function expandWord(word: Word, scope: ExpansionScope): Expansion {
  const draft: Draft = { text: '', loose: undefined, split: undefined, scripts: [], findings: [] };
  if (word.parts === undefined) {
    if (holdsExpansion(word.text)) unclear(draft, `${word.text} is not understood`);
    draft.text = word.value;
  } else for (const part of word.parts) addPart(draft, part, false, scope);
  if (draft.split !== undefined && draft.text === '')
    return { words: draft.split.map((text) => ({ text })), scripts: draft.scripts, findings: draft.findings };
  const loose = draft.split === undefined ? draft.loose : 'any';
  return { words: [{ text: draft.text, ...(loose !== undefined && { loose }) }], scripts: draft.scripts, findings: draft.findings };
}
