import { parseAllDocuments } from 'yaml';

/** The longest text that is read as YAML, in UTF-16 units: reading must not take longer than a judgement may. */
const longestYaml = 16_384;
const deepestYaml = 40;
const maxAliases = 50;

/** True for text that nests so deeply that reading it would take long. */
function isTooDeep(text: string): boolean {
  if (/(?:^|\n)[ \t]*(?:[-?:][ \t]+){12}/.test(text)) return true;
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > deepestYaml) return true;
  }
  return false;
}

function readJson(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return [value];
  } catch {
    return undefined;
  }
}

/** The documents of a text of JSON or YAML; undefined where it is neither, or too long or too deep to be read quickly. */
export function readDocuments(text: string): readonly unknown[] | undefined {
  if (isTooDeep(text)) return undefined;
  const json = readJson(text);
  if (json !== undefined) return json;
  if (text.length > longestYaml) return undefined;
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return undefined;
    return documents.map((document): unknown => document.toJS({ maxAliasCount: maxAliases }));
  } catch {
    return undefined;
  }
}
