/** A rule that is no expression. */
export class CelSyntaxError extends Error {}

/** An expression. */
export type CelNode =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list'; readonly items: readonly CelNode[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [CelNode, CelNode])[] }
  | { readonly type: 'field'; readonly of: CelNode; readonly name: string }
  | { readonly type: 'index'; readonly of: CelNode; readonly at: CelNode }
  | { readonly type: 'call'; readonly target: CelNode | undefined; readonly name: string; readonly args: readonly CelNode[] }
  | { readonly type: 'unary'; readonly operator: string; readonly of: CelNode }
  | { readonly type: 'binary'; readonly operator: string; readonly left: CelNode; readonly right: CelNode }
  | { readonly type: 'choice'; readonly test: CelNode; readonly yes: CelNode; readonly no: CelNode };

interface Token {
  readonly type: 'number' | 'text' | 'name' | 'symbol';
  readonly text: string;
}

const pattern =
  /\s*(?:(\d+\.\d+(?:[eE][+-]?\d+)?|0x[0-9a-fA-F]+|\d+)[uU]?|(r?"""[\s\S]*?"""|r?'''[\s\S]*?'''|r?"(?:\\.|[^"\\])*"|r?'(?:\\.|[^'\\])*')|([A-Za-z_]\w*)|(&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()[\]{}]))/y;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  pattern.lastIndex = 0;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match)
      throw new CelSyntaxError(
        `ERROR: <input>:1:${start + 1}: Syntax error: token recognition error at: '${text.slice(start).trim()[0] ?? ''}'`,
      );
    if (match[1]) found.push({ type: 'number', text: match[1] });
    else if (match[2]) found.push({ type: 'text', text: unquote(match[2]) });
    else if (match[3]) found.push({ type: 'name', text: match[3] });
    else found.push({ type: 'symbol', text: match[4] ?? '' });
  }
  return found;
}

function unquote(source: string): string {
  const raw = source.startsWith('r');
  const text = raw ? source.slice(1) : source;
  const width = /^("""|''')/.test(text) ? 3 : 1;
  const body = text.slice(width, -width);
  const escapes = new Map([
    ['n', '\n'],
    ['t', '\t'],
    ['r', '\r'],
  ]);
  return raw ? body : body.replaceAll(/\\(.)/g, (_, character: string) => escapes.get(character) ?? character);
}

const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!=', '<', '<=', '>', '>=', 'in'], ['+', '-'], ['*', '/', '%']];

/** The tree of an expression; throws `CelSyntaxError`. */
export function parseCel(source: string): CelNode {
  const all = tokens(source);
  let position = 0;
  const peek = (): string | undefined => (all[position]?.type === 'text' ? undefined : all[position]?.text);
  const fail = (): never => {
    throw new CelSyntaxError(`ERROR: <input>:1:1: Syntax error: mismatched input '${all[position]?.text ?? '<EOF>'}'`);
  };
  const take = (text: string): void => {
    if (peek() !== text) fail();
    position++;
  };
  const accept = (text: string): boolean => {
    if (peek() !== text) return false;
    position++;
    return true;
  };
  const list = (end: string): CelNode[] => {
    const items: CelNode[] = [];
    while (!accept(end)) {
      items.push(choice());
      if (!accept(',') && peek() !== end) fail();
    }
    return items;
  };
  const choice = (): CelNode => {
    const test = binary(0);
    if (!accept('?')) return test;
    const yes = choice();
    take(':');
    return { type: 'choice', test, yes, no: choice() };
  };
  const binary = (level: number): CelNode => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let operator = peek(); operator !== undefined && operators.includes(operator); operator = peek()) {
      position++;
      left = { type: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): CelNode => {
    for (const operator of ['!', '-']) if (accept(operator)) return { type: 'unary', operator, of: unary() };
    return member(primary());
  };
  const member = (start: CelNode): CelNode => {
    let node = start;
    for (;;) {
      if (accept('.')) {
        const name = all[position];
        if (name?.type !== 'name') fail();
        position++;
        const text = name?.text ?? '';
        node = accept('(') ? { type: 'call', target: node, name: text, args: list(')') } : { type: 'field', of: node, name: text };
      } else if (accept('[')) {
        const at = choice();
        take(']');
        node = { type: 'index', of: node, at };
      } else return node;
    }
  };
  const primary = (): CelNode => {
    const token = all[position];
    if (!token) return fail();
    position++;
    if (token.type === 'number') return { type: 'literal', value: Number(token.text) };
    if (token.type === 'text') return { type: 'literal', value: token.text };
    if (token.type === 'name') {
      if (token.text === 'true' || token.text === 'false') return { type: 'literal', value: token.text === 'true' };
      if (token.text === 'null') return { type: 'literal', value: null };
      return accept('(') ? { type: 'call', target: undefined, name: token.text, args: list(')') } : { type: 'name', name: token.text };
    }
    if (token.text === '(') {
      const inner = choice();
      take(')');
      return inner;
    }
    if (token.text === '[') return { type: 'list', items: list(']') };
    if (token.text === '{') return map();
    position--;
    return fail();
  };
  const map = (): CelNode => {
    const entries: (readonly [CelNode, CelNode])[] = [];
    while (!accept('}')) {
      const key = choice();
      take(':');
      entries.push([key, choice()]);
      if (!accept(',') && peek() !== '}') fail();
    }
    return { type: 'map', entries };
  };
  const tree = choice();
  if (position < all.length) fail();
  return tree;
}
