const isDigit = (char: string): boolean => char >= '0' && char <= '9';

/** A character as Go quotes it. */
function quoted(char: string): string {
  if (char === "'") return String.raw`'\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}

/** Reads JSON as Go's scanner does, to stop where and with the words with which that one stops. */
function scan(text: string): void {
  let at = 0;

  function refuse(where: string): never {
    const char = text[at];
    throw new SyntaxError(char === undefined ? 'unexpected end of JSON input' : `invalid character ${quoted(char)} ${where}`);
  }

  function space(): void {
    while (/^[ \t\r\n]$/.test(text[at] ?? '')) at++;
  }

  function peek(): string {
    space();
    return text[at] ?? '';
  }

  function value(): void {
    const char = peek();
    if (char === '{') members();
    else if (char === '[') items();
    else if (char === '"') string();
    else if (char === '-' || isDigit(char)) number();
    else {
      const word = ['true', 'false', 'null'].find((literal) => char !== '' && literal.startsWith(char));
      if (!word) refuse('looking for beginning of value');
      for (const expected of word) {
        if (text[at] !== expected) refuse(`in literal ${word} (expecting '${expected}')`);
        at++;
      }
    }
  }

  function members(): void {
    at++;
    if (peek() === '}') return void at++;
    for (;;) {
      if (peek() !== '"') refuse('looking for beginning of object key string');
      string();
      if (peek() !== ':') refuse('after object key');
      at++;
      value();
      const next = peek();
      if (next !== ',' && next !== '}') refuse('after object key:value pair');
      at++;
      if (next === '}') return;
    }
  }

  function items(): void {
    at++;
    if (peek() === ']') return void at++;
    for (;;) {
      value();
      const next = peek();
      if (next !== ',' && next !== ']') refuse('after array element');
      at++;
      if (next === ']') return;
    }
  }

  function string(): void {
    at++;
    for (;;) {
      const char = text[at] ?? '';
      if (char < ' ') refuse('in string literal');
      at++;
      if (char === '"') return;
      if (char === '\\') escape();
    }
  }

  function escape(): void {
    const char = text[at] ?? '';
    if (char === '' || !'bfnrt\\/"u'.includes(char)) refuse('in string escape code');
    at++;
    if (char !== 'u') return;
    for (let digit = 0; digit < 4; digit++) {
      if (!/^[\da-fA-F]$/.test(text[at] ?? '')) refuse(String.raw`in \u hexadecimal character escape`);
      at++;
    }
  }

  function digits(where: string): void {
    if (!isDigit(text[at] ?? '')) refuse(where);
    while (isDigit(text[at] ?? '')) at++;
  }

  function number(): void {
    if (text[at] === '-') at++;
    if (text[at] === '0') at++;
    else digits('in numeric literal');
    if (text[at] === '.') {
      at++;
      digits('after decimal point in numeric literal');
    }
    if (/^[eE]$/.test(text[at] ?? '')) {
      at++;
      if (/^[-+]$/.test(text[at] ?? '')) at++;
      digits('in exponent of numeric literal');
    }
  }

  value();
  space();
  if (at < text.length) refuse('after top-level value');
}

/** What Go's parser says of a text that is no JSON; undefined for JSON. */
export function jsonProblem(text: string): string | undefined {
  try {
    scan(text);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    // Nested more deeply than there is room for.
    if (error instanceof RangeError) return 'exceeded max depth';
    throw error;
  }
}
