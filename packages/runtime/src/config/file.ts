import { isKwError, KwError, nearNames } from '@kw/providers';
import { bilingualError } from '../bilingual-error.ts';
import type { Notice } from './notice.ts';
import { unknownKey } from './notice.ts';
import type { OptionSpec } from './option.ts';

/** One value of the file and where it stands. */
export interface FileValue {
  readonly key: string;
  readonly value: unknown;
  /** The value before its variables were put in. */
  readonly written: unknown;
  /** `path:line`, for messages. */
  readonly origin: string;
}

/** The configuration file after parsing. */
export interface FileLayer {
  readonly values: readonly FileValue[];
  readonly warnings: readonly Notice[];
  /** What is wrong with a value; the warnings beside it are complete. */
  readonly broken?: KwError;
}

/** What reading the file needs. */
export interface FileOptions {
  readonly path: string;
  readonly specs: readonly OptionSpec[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `${NAME}`: a variable in a text. */
export const variablePattern: RegExp = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

const maxFileCharacters = 1024 * 1024;

/** Parses a configuration file. An unknown key is a warning with its line and the nearest key; broken YAML is KwError `bad-configuration`. */
export async function parseConfigFile(text: string, { path, specs, env }: FileOptions): Promise<FileLayer> {
  if (text.length > maxFileCharacters)
    throw bilingualError('bad-configuration', {
      en: `${path}: larger than 1 MiB; this can not be a configuration file`,
      zh: `${path}：超过 1 MiB，不可能是配置文件`,
    });
  const { isMap, isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) throw new KwError('bad-configuration', `${path}:${lines.linePos(broken.pos[0]).line}: ${broken.message}`);
  const root = document.contents;
  if (root === null) return { values: [], warnings: [] };
  if (!isMap(root))
    throw bilingualError('bad-configuration', {
      en: `${path}:1: the file must hold a map of settings, such as "model: deepseek-chat"`,
      zh: `${path}:1：文件必须是设置的映射，例如 "model: deepseek-chat"`,
    });

  const inFile = specs.filter((spec) => spec.file !== false);
  const known = new Map(inFile.flatMap(({ key, aliases = [] }) => [key, ...aliases].map((name) => [name, key] as const)));
  const values: FileValue[] = [];
  const warnings: Notice[] = [];
  let failure: KwError | undefined;
  const keys = new Map<string, { readonly value: Record<string, string>; readonly written: unknown }>();
  for (const pair of root.items) {
    const written = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const position = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    const origin = `${path}:${position === undefined ? '?' : lines.linePos(position).line}`;
    const key = kebab(written);
    const raw = plainOf(pair.value, document, origin);
    const value = isKwError(raw) ? raw : expanded(raw, env, origin);
    if (isKwError(value)) failure ??= value;
    const provider = /^(.+)-api-key$/.exec(key)?.[1];
    const option = known.get(key);
    if (option !== undefined) {
      if (value !== null) values.push({ key: option, value, written: raw, origin });
    } else if (provider !== undefined && typeof value === 'string') {
      keys.set(origin, { value: { [provider]: value }, written: raw });
    } else {
      const [near] = nearNames(key, [...known.keys()]);
      warnings.push(unknownKey(origin, written, near));
    }
  }
  for (const [origin, { value, written }] of keys) values.push({ key: 'api-keys', value, written, origin });
  return { values, warnings, ...(failure === undefined ? {} : { broken: failure }) };
}

/** The value with its variables; what is wrong with them is given back, so that the rest of the file is read, too. */
function expanded(value: unknown, env: FileOptions['env'], origin: string): unknown {
  try {
    return expand(value, env, origin);
  } catch (error) {
    if (isKwError(error)) return error;
    throw error;
  }
}

/** `llmProvider`, `llm_provider` and `llm-provider` are one key. */
function kebab(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

function isNode(value: unknown): value is { toJS(document: unknown, options: { maxAliasCount: number }): unknown } {
  return typeof value === 'object' && value !== null && 'toJS' in value && typeof value.toJS === 'function';
}

/** The plain value of a node. An alias that leads nowhere, to itself or to far too much is the error that stands in its place. */
function plainOf(node: unknown, document: unknown, origin: string): unknown {
  if (!isNode(node)) return node;
  try {
    const value = node.toJS(document, { maxAliasCount: 100 });
    JSON.stringify(value); // throws where a value holds itself
    return value;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    return bilingualError('bad-configuration', {
      en: `${origin}: the value can not be read (${why}): write it out, without aliases (*name)`,
      zh: `${origin}：无法读取该值（${why}）：请直接写出，不要使用别名（*name）`,
    });
  }
}

/** Replaces `${NAME}` in every text of a value. */
function expand(value: unknown, env: FileOptions['env'], origin: string): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(variablePattern, (_, name: string) => {
      const found = env[name];
      if (found === undefined)
        throw bilingualError('bad-configuration', {
          en: `${origin}: the variable ${name} is not set`,
          zh: `${origin}：变量 ${name} 未设置`,
        });
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item) => expand(item, env, origin));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, env, origin)]));
  }
  return value;
}
