/** The paths of keys that stand more than once in a JSON text, in the order of their second appearance. The text must be valid. */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  let position = 0;
  const skip = (): void => {
    while (/\s/.test(text[position] ?? '')) position++;
  };
  const string = (): string => {
    const start = position++;
    while (text[position] !== '"') position += text[position] === '\\' ? 2 : 1;
    position++;
    const parsed: unknown = JSON.parse(text.slice(start, position));
    return String(parsed);
  };
  const value = (path: string): void => {
    skip();
    const first = text[position];
    if (first === '{') members(path);
    else if (first === '[') items(path);
    else if (first === '"') string();
    else while (position < text.length && !/[\s,\]}]/.test(text[position] ?? '')) position++;
    skip();
  };
  const members = (path: string): void => {
    const seen = new Set<string>();
    position++;
    skip();
    while (text[position] !== '}') {
      skip();
      const key = string();
      const own = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) found.push(own);
      seen.add(key);
      skip();
      position++;
      value(own);
      if (text[position] === ',') position++;
      skip();
    }
    position++;
  };
  const items = (path: string): void => {
    let index = 0;
    position++;
    skip();
    while (text[position] !== ']') {
      value(`${path}[${index++}]`);
      if (text[position] === ',') position++;
      skip();
    }
    position++;
  };
  value('');
  return found;
}
