import { KwError } from '@kw/providers';
import type { OptionKey } from './option.ts';

/** What is to be set; undefined takes a key out. */
export interface ConfigChanges {
  readonly values: Readonly<Partial<Record<OptionKey, string | number | boolean | undefined>>>;
  /** Keys of providers, below `api-keys`. */
  readonly apiKeys?: Readonly<Record<string, string>>;
  /** Addresses of providers, below `providers`. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** The text of a configuration file with some settings changed: comments, order and everything else stay. Throws KwError `bad-configuration` where the text is no map. */
export async function editConfig(text: string, { values, apiKeys = {}, addresses = {} }: ConfigChanges): Promise<string> {
  const { Document, isMap, isScalar, parseDocument } = await import('yaml');
  const parsed = parseDocument(text);
  const broken = parsed.errors[0];
  if (broken !== undefined) throw new KwError('bad-configuration', `the configuration file is no YAML: ${broken.message}`);
  // A file of comments alone keeps them above what is written.
  const document = parsed.contents === null ? new Document({}) : parsed;
  if (parsed.contents === null) document.commentBefore = parsed.commentBefore ?? parsed.comment ?? null;
  const root = document.contents;
  if (!isMap(root)) throw new KwError('bad-configuration', 'the configuration file must hold a map of settings');
  const written = new Map(
    root.items.flatMap(({ key }) => (isScalar(key) && typeof key.value === 'string' ? [[kebab(key.value), key.value]] : [])),
  );
  for (const [key, value] of Object.entries(values)) {
    const name = written.get(key) ?? key;
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  for (const [provider, address] of Object.entries(addresses)) document.setIn(['providers', provider, 'base-url'], address);
  const keys = written.get('api-keys') ?? 'api-keys';
  for (const [provider, value] of Object.entries(apiKeys)) {
    const single = written.get(`${provider}-api-key`);
    if (single === undefined) document.setIn([keys, provider], value);
    else document.set(single, value);
  }
  return document.toString({ lineWidth: 0 });
}

/** `llmProvider`, `llm_provider` and `llm-provider` are one key. */
function kebab(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
