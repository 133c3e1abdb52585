import type { Json } from '../json.ts';
import { equal, isMap, written } from '../json.ts';
import type { CelNode } from './cel-parse.ts';

type Variables = ReadonlyMap<string, Json>;

/** The value of an expression; throws an Error in the words of CEL. */
export function evaluateCel(node: CelNode, variables: Variables): Json {
  switch (node.type) {
    case 'literal':
      return node.value;
    case 'name': {
      const value = variables.get(node.name);
      if (value === undefined) throw new Error(`undeclared reference to '${node.name}' (in container '')`);
      return value;
    }
    case 'list':
      return node.items.map((item) => evaluateCel(item, variables));
    case 'map':
      return Object.fromEntries(node.entries.map(([key, value]) => [written(evaluateCel(key, variables)), evaluateCel(value, variables)]));
    case 'field':
      return fieldOf(evaluateCel(node.of, variables), node.name);
    case 'index':
      return indexOf(evaluateCel(node.of, variables), evaluateCel(node.at, variables));
    case 'unary': {
      const value = evaluateCel(node.of, variables);
      return node.operator === '!' ? !truth(value) : -number(value);
    }
    case 'binary':
      return binary(node, variables);
    case 'choice':
      return evaluateCel(truth(evaluateCel(node.test, variables)) ? node.yes : node.no, variables);
    case 'call':
      return call(node, variables);
  }
}

/** Names that are no identifiers of CEL are written with escapes. */
const unescaped = (name: string): string =>
  name
    .replaceAll('__underscores__', '__')
    .replaceAll('__dot__', '.')
    .replaceAll('__dash__', '-')
    .replaceAll('__slash__', '/')
    .replace(/^__(\w+)__$/, '$1');

function fieldOf(value: Json, name: string): Json {
  const found = isMap(value) ? value[unescaped(name)] : undefined;
  if (found === undefined) throw new Error(`no such key: ${name}`);
  return found;
}

function indexOf(value: Json, at: Json): Json {
  const found = Array.isArray(value) && typeof at === 'number' ? value[at] : isMap(value) && typeof at === 'string' ? value[at] : undefined;
  if (found === undefined) throw new Error(Array.isArray(value) ? `index out of bounds: ${written(at)}` : `no such key: ${written(at)}`);
  return found;
}

function truth(value: Json): boolean {
  if (typeof value !== 'boolean') throw new Error('no such overload');
  return value;
}

function number(value: Json): number {
  if (typeof value !== 'number') throw new Error('no such overload');
  return value;
}

function binary({ operator, left, right }: CelNode & { type: 'binary' }, variables: Variables): Json {
  if (operator === '&&' || operator === '||') return logical(operator, left, right, variables);
  const [a, b] = [evaluateCel(left, variables), evaluateCel(right, variables)];
  switch (operator) {
    case '==':
      return equal(a, b);
    case '!=':
      return !equal(a, b);
    case 'in':
      return Array.isArray(b) ? b.some((item) => equal(item, a)) : isMap(b) && Object.hasOwn(b, written(a));
    case '+':
      if (typeof a === 'string' && typeof b === 'string') return a + b;
      return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : number(a) + number(b);
    case '-':
      return number(a) - number(b);
    case '*':
      return number(a) * number(b);
    case '/':
      if (number(b) === 0) throw new Error('division by zero');
      return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(number(a) / number(b)) : number(a) / number(b);
    case '%':
      return number(a) % number(b);
    default:
      return order(operator, a, b);
  }
}

function order(operator: string, a: Json, b: Json): boolean {
  if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string') || a === null || b === null)
    throw new Error('no such overload');
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

/** Either side may decide alone, also where the other one fails. */
function logical(operator: '&&' | '||', left: CelNode, right: CelNode, variables: Variables): boolean {
  const decisive = operator === '||';
  let failure: Error | undefined;
  for (const side of [left, right]) {
    try {
      if (truth(evaluateCel(side, variables)) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

function call(node: CelNode & { type: 'call' }, variables: Variables): Json {
  if (node.target === undefined && node.name === 'has') return has(node.args[0], variables);
  if (node.target !== undefined && macros.has(node.name) && node.args[0]?.type === 'name')
    return macro(node, evaluateCel(node.target, variables), variables);
  const values = [...(node.target ? [node.target] : []), ...node.args].map((arg) => evaluateCel(arg, variables));
  return callFunction(node.name, values);
}

function has(node: CelNode | undefined, variables: Variables): boolean {
  if (node?.type !== 'field') throw new Error('invalid argument to has() macro');
  const of = evaluateCel(node.of, variables);
  return isMap(of) && of[unescaped(node.name)] !== undefined;
}

function macro(node: CelNode & { type: 'call' }, target: Json, variables: Variables): Json {
  const [variable, ...bodies] = node.args;
  const body = bodies.at(-1);
  if (variable?.type !== 'name' || !body) throw new Error(`invalid arguments to ${node.name}()`);
  const items = Array.isArray(target) ? target : isMap(target) ? Object.keys(target) : [];
  const value = (item: Json, of: CelNode): Json => evaluateCel(of, new Map([...variables, [variable.name, item]]));
  switch (node.name) {
    case 'all':
      return items.every((item) => truth(value(item, body)));
    case 'exists':
      return items.some((item) => truth(value(item, body)));
    case 'exists_one':
      return items.filter((item) => truth(value(item, body))).length === 1;
    case 'filter':
      return items.filter((item) => truth(value(item, body)));
    default: {
      const [filter] = bodies;
      const kept = bodies.length === 2 && filter ? items.filter((item) => truth(value(item, filter))) : items;
      return kept.map((item) => value(item, body));
    }
  }
}

const durationUnits = new Map([
  ['h', 3600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

const sizeOf = (value: Json): number =>
  typeof value === 'string'
    ? Array.from(value).length
    : Array.isArray(value)
      ? value.length
      : Object.keys(isMap(value) ? value : {}).length;
const text = (value: Json | undefined): string => {
  if (typeof value !== 'string') throw new Error('no such overload');
  return value;
};

function callFunction(name: string, values: readonly Json[]): Json {
  const [a = null, b = null, c = null] = values;
  switch (name) {
    case 'size':
      return sizeOf(a);
    case 'startsWith':
      return text(a).startsWith(text(b));
    case 'endsWith':
      return text(a).endsWith(text(b));
    case 'contains':
      return text(a).includes(text(b));
    case 'matches':
      return new RegExp(text(b), 'u').test(text(a));
    case 'find':
      return text(a).match(new RegExp(text(b), 'u'))?.[0] ?? '';
    case 'lowerAscii':
      return text(a).toLowerCase();
    case 'upperAscii':
      return text(a).toUpperCase();
    case 'trim':
      return text(a).trim();
    case 'replace':
      return text(a).replaceAll(text(b), text(c));
    case 'split':
      return text(a).split(text(b));
    case 'join':
      return (Array.isArray(a) ? a : []).map((item) => text(item)).join(b === null ? '' : text(b));
    case 'substring':
      return text(a).slice(number(b), c === null ? undefined : number(c));
    case 'indexOf':
      return Array.isArray(a) ? a.findIndex((item) => equal(item, b)) : text(a).indexOf(text(b));
    case 'int':
    case 'uint':
      return Math.trunc(Number(a));
    case 'double':
      return Number(a);
    case 'string':
      return written(a);
    case 'bool':
      return a === true || a === 'true';
    case 'type':
      return Array.isArray(a) ? 'list' : isMap(a) ? 'map' : typeof a;
    case 'min':
    case 'max': {
      const numbers = (Array.isArray(a) ? a : values).map(number);
      return name === 'min' ? Math.min(...numbers) : Math.max(...numbers);
    }
    case 'sum':
      return (Array.isArray(a) ? a : []).map(number).reduce((sum, item) => sum + item, 0);
    case 'isSorted':
      return Array.isArray(a) && a.every((item, index) => index === 0 || order('>=', item, a[index - 1] ?? null));
    case 'duration':
      return [...text(a).matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
        (sum, match) => sum + Number(match[1]) * (durationUnits.get(match[2] ?? '') ?? 0),
        0,
      );
    case 'timestamp':
      return Date.parse(text(a));
    default:
      throw new Error(`the sandbox does not know the function ${name}`);
  }
}
