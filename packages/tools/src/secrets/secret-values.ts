import { yamlValues } from './yaml-values.ts';

/** Shorter values are too common as ordinary words to be hidden wherever they stand. */
const minUnits = 8;
const maxUnits = 16_384;
const maxDepth = 12;
/** Longer YAML takes long to read; the rules about its structure hold all the same. */
const maxYamlUnits = 262_144;
const certainKey = /TOKEN|PASS|PWD|SECRET|CREDENTIAL|API_?KEY|PRIVATE/i;
const secretKey = /SECRET|TOKEN|PASS|PWD|CRED|AUTH|KEY|PRIVATE|CERT|DSN|CONN|URI|URL|CONFIG|SALT|HASH|SEED|PIN\b/i;
const commonWords: ReadonlySet<string> = new Set([
  'password',
  'postgres',
  'username',
  'changeme',
  'localhost',
  'database',
  'production',
  'admin123',
]);

/** The values of the Secrets in a text of JSON or YAML, decoded where they are text; those that would blot out ordinary words are left out. */
export function secretValues(text: string): readonly string[] {
  const values = new Set<string>();
  for (const document of documentsOf(text)) collect(document, values, 0);
  return [...values];
}

function documentsOf(text: string): readonly unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return [whole];
  } catch {
    if (text.length > maxYamlUnits || !/\bkind["']?\s*:\s*["']?(?:Secret|List)\b/.test(text)) return [];
  }
  try {
    return yamlValues(text, 2 * maxDepth);
  } catch {
    return []; // no YAML either
  }
}

function collect(value: unknown, values: Set<string>, depth: number): void {
  if (depth > maxDepth || typeof value !== 'object' || value === null) return;
  const object = new Map<string, unknown>(Object.entries(value));
  if (object.get('kind') === 'Secret') {
    for (const [key, encoded] of textsOf(object.get('data'))) addValue(values, key, decoded(encoded));
    for (const [key, plain] of textsOf(object.get('stringData'))) addValue(values, key, plain);
    return;
  }
  const items = object.get('items');
  if (Array.isArray(items)) for (const item of items) collect(item, values, depth + 1);
}

function textsOf(map: unknown): readonly (readonly [string, string])[] {
  if (typeof map !== 'object' || map === null) return [];
  return Object.entries(map).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []));
}

/** The text that stands in base64; the base64 itself where it is no text. */
function decoded(encoded: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    return encoded.replaceAll(/\s/g, '');
  }
}

function addValue(values: Set<string>, key: string, value: string): void {
  const whole = value.trim();
  if (isWorthHiding(key, whole)) values.add(whole);
  // Files of settings, and documents such as .dockerconfigjson, hold their secrets in parts.
  for (const [name, part] of partsOf(whole)) if (secretKey.test(name) && isWorthHiding(name, part)) values.add(part);
}

function partsOf(value: string): readonly (readonly [string, string])[] {
  if (/^[{[]/.test(value)) {
    try {
      return leaves(JSON.parse(value), '', 0);
    } catch {
      return []; // it only looks like JSON
    }
  }
  if (!value.includes('\n')) return [];
  return [...value.matchAll(/^\s*([\w.-]+)\s*[:=]\s*(\S.*)$/gm)].map(([, name = '', part = '']) => [
    name,
    part.trim().replace(/^(["'])(.*)\1$/, '$2'),
  ]);
}

function leaves(value: unknown, name: string, depth: number): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (depth > maxDepth || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, key, depth + 1));
}

function isWorthHiding(key: string, value: string): boolean {
  if (value.length < minUnits || value.length > maxUnits || commonWords.has(value.toLowerCase())) return false;
  if (certainKey.test(key) || (secretKey.test(key) && !isPlace(value))) return true;
  // Under any other key (`username: checkout`, `host: db.shop.svc`) only what looks made up.
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !isPlace(value) && (value.length >= 16 || /[^\w.-]/.test(value));
}

/** Names of hosts, files and things, which other outputs show rightly. */
function isPlace(value: string): boolean {
  return (
    /^(?:https?:\/\/)?[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d+)?(?:\/[\w./-]*)?$/.test(value) &&
    !/\d[a-z]+\d[a-z]*\d|[a-z]\d+[a-z]+\d+[a-z]/.test(value)
  );
}
