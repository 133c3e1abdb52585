import { forEachChild } from 'unbash';
import type { Command, ParsedScript, SyntaxNode, Word } from 'unbash';
import { isNameLike } from './shell-word.ts';

/** What is known about a variable, wherever it is set in the script: its text, that it is a number, one plain name, plain names, or nothing. */
export type Shape =
  | { readonly type: 'exact'; readonly text: string }
  /** `prefix` is what every name begins with, such as `pods/`. */
  | { readonly type: 'name' | 'names'; readonly prefix?: string }
  | { readonly type: 'number' | 'any' };

/** Tells the shape of what a command substitution prints. */
export type ShapeOfScript = (script: ParsedScript | undefined) => Shape;

const anything: Shape = { type: 'any' };

function joinShapes(left: Shape, right: Shape): Shape {
  if (left.type === 'exact' && right.type === 'exact' && left.text === right.text) return left;
  if ((left.type === 'name' || left.type === 'names') && left.type === right.type && left.prefix === right.prefix) return left;
  const [a, b] = [widen(left), widen(right)];
  if (a === b) return { type: a };
  if (a === 'any' || b === 'any') return anything;
  return { type: a === 'names' || b === 'names' ? 'names' : 'name' };
}

function widen(shape: Shape): 'number' | 'name' | 'names' | 'any' {
  if (shape.type !== 'exact') return shape.type;
  if (/^\d+$/.test(shape.text)) return 'number';
  if (isNameLike(shape.text)) return 'name';
  return shape.text !== '' && shape.text.split(/[ \t\n]+/).every(isNameLike) ? 'names' : 'any';
}

/** The literal text of a word that holds no expansion; undefined otherwise. */
export function literalText(word: Word): string | undefined {
  const parts = word.parts ?? [];
  const isLiteral = parts.every((part) => {
    if (part.type === 'DoubleQuoted') return part.parts.every((inner) => inner.type === 'Literal');
    return part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted';
  });
  return isLiteral ? word.value : undefined;
}

function shapeOfWord(word: Word, shapeOfScript: ShapeOfScript): Shape {
  const text = literalText(word);
  if (text !== undefined) return { type: 'exact', text };
  const [part, ...more] = word.parts ?? [];
  if (part === undefined || more.length > 0) return anything;
  const inner = part.type === 'DoubleQuoted' && part.parts.length === 1 ? part.parts[0] : part;
  if (inner?.type === 'CommandExpansion') return shapeOfScript(inner.script);
  return inner?.type === 'ArithmeticExpansion' ? { type: 'number' } : anything;
}

function shapeOfItems(words: readonly Word[], shapeOfScript: ShapeOfScript): Shape {
  const shapes = words.map((word) => {
    const shape = shapeOfWord(word, shapeOfScript);
    return shape.type === 'names' ? ({ ...shape, type: 'name' } satisfies Shape) : shape;
  });
  return shapes.length === 0 ? anything : shapes.reduce(joinShapes);
}

const setters: ReadonlySet<string> = new Set([
  'read',
  'mapfile',
  'readarray',
  'printf',
  'getopts',
  'unset',
  'let',
  'declare',
  'local',
  'export',
  'typeset',
  'readonly',
]);

const prefixes: ReadonlySet<string> = new Set(['command', 'builtin', 'exec']);
const sourceRunners: ReadonlySet<string> = new Set(['eval', 'trap', 'source', '.']);

/** The words of a command behind `command`, `builtin` and `exec`. */
function ownWords(command: Command): readonly string[] {
  const words = [
    ...(command.name === undefined ? [] : [command.name.value]),
    ...command.args.map((argument) => (argument.type === 'Word' ? argument.value : argument.text)),
  ];
  const first = words.findIndex((word) => !prefixes.has(word) && !word.startsWith('-'));
  return first < 0 ? [] : words.slice(first);
}

/** Names that a command sets by its arguments, whatever they are set to. */
function setByCommand(command: Command): readonly string[] {
  const [name = '', ...words] = ownWords(command);
  return setters.has(name) ? words.flatMap((word) => /^(?:-\w*a)?([A-Za-z_]\w*)/.exec(word)?.[1] ?? []) : [];
}

/** Collects every place of a script, nested scripts too, where a variable may be set, and joins what is known. */
export function collectVariables(script: ParsedScript, shapeOfScript: ShapeOfScript): ReadonlyMap<string, Shape> {
  const variables = new Map<string, Shape>();
  let isHidden = false;
  const add = (name: string, shape: Shape): void => {
    const before = variables.get(name);
    variables.set(name, before === undefined ? shape : joinShapes(before, shape));
  };
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'Assignment':
        if (node.value.type === 'ArrayValue' || node.append === true || node.index !== undefined) add(node.name, anything);
        else add(node.name, shapeOfWord(node.value, shapeOfScript));
        break;
      case 'For':
        add(node.name.value, shapeOfItems(node.wordlist ?? [], shapeOfScript));
        break;
      case 'Select':
        add(node.name.value, anything);
        break;
      case 'Command':
        // Code that is run from text sets variables out of sight.
        isHidden ||= sourceRunners.has(ownWords(node)[0] ?? '');
        for (const name of setByCommand(node)) add(name, anything);
        break;
      case 'ArithmeticUnary':
        if (node.operand.type === 'ArithmeticWord') add(node.operand.value, { type: 'number' });
        break;
      case 'ArithmeticBinary':
        if (/^(?:[-+*/%&|^]|<<|>>)?=$/.test(node.operator) && node.left.type === 'ArithmeticWord') add(node.left.value, { type: 'number' });
        break;
      case 'ParameterExpansion':
        if (node.operation?.type === 'Default' && node.operation.operator.includes('=')) add(node.parameter, anything);
        break;
      default:
        break;
    }
    forEachChild(node, visit);
  };
  visit(script);
  return isHidden ? new Map([...variables.keys()].map((name) => [name, anything])) : variables;
}
