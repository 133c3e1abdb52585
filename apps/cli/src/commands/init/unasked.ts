import type { ConfigChanges, Inspector, RuntimeHost } from '@kw/runtime';
import { isKwError, KwError } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { chineseOf } from '../../errors.zh.ts';
import { currentName } from './current-name.ts';
import type { DraftModels, DraftSource } from './draft.ts';
import { draft, modelsOf } from './draft.ts';
import { tryModel } from './try-model.ts';

/** What is used where nobody is asked. */
export interface UnaskedOptions {
  readonly source: DraftSource;
  readonly inspector: Inspector;
  readonly surroundings: RuntimeHost;
}

/** Settings of flags, of the file and of the defaults; the key of its variable, of the file, or of standard input. Tries them unless `--no-test`. Throws what the request throws. */
export async function takeSetup({ source, inspector, surroundings }: UnaskedOptions): Promise<ConfigChanges> {
  const { line, host } = source;
  const { flags } = line;
  const { 'llm-provider': provider, model, context, lang } = flags;
  const given: ConfigChanges = {
    values: Object.fromEntries(
      Object.entries({ 'llm-provider': provider, model, context, lang }).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  };
  const withKey = await addKey(given, await open(source, given, { inspector, surroundings }), source);
  const models = await open(source, withKey, { inspector, surroundings });
  try {
    const complete = {
      ...withKey,
      values: { ...withKey.values, 'llm-provider': provider ?? models.current.provider, model: nameOf(models) },
    };
    if (!line.own.has('no-test')) await tryModel(models, host.interrupt, host.monotonic).catch(nothingWritten);
    return withoutLists(complete);
  } finally {
    await models.close();
  }
}

/** The same error, with what it means for the file. */
function nothingWritten(error: unknown): never {
  if (!isKwError(error)) throw error;
  throw new KwError(error.code, `${error.message} Nothing was written; --no-test writes without trying.`, {
    cause: error,
    details: { ...error.details, zh: `${chineseOf(error)}没有写入任何内容；使用 --no-test 可不经测试直接写入。` },
  });
}

async function open(source: DraftSource, changes: ConfigChanges, at: Omit<UnaskedOptions, 'source'>): Promise<DraftModels> {
  return modelsOf(await draft(source, changes), at.inspector, at.surroundings);
}

/** A key on standard input is stronger than the file's; where a variable holds one, standard input is not read. */
async function addKey(changes: ConfigChanges, models: DraftModels, { host }: DraftSource): Promise<ConfigChanges> {
  try {
    const { preset, keyFrom } = models.endpoint();
    if (preset.keyVariables.length === 0 || (keyFrom !== undefined && keyFrom !== 'api-keys')) return changes;
    const key = (await host.readPiped())?.trim() ?? '';
    if (key === '') return changes;
    if (/\s/.test(key)) {
      throw usageError({
        en: 'standard input holds more than a key: give the key alone, such as: init --yes < key.txt',
        zh: '标准输入中不只有密钥：请只提供密钥，例如：init --yes < key.txt',
      });
    }
    return { ...changes, apiKeys: { [preset.id]: key } };
  } finally {
    await models.close();
  }
}

/** The model that is written: a documented name that its vendor has retired is written as it is called now. */
function nameOf({ current }: DraftModels): string | undefined {
  return current.id === '' ? undefined : currentName(current.provider, current.id, []);
}

function withoutLists({
  values,
  ...rest
}: { readonly values: Readonly<Record<string, unknown>> } & Omit<ConfigChanges, 'values'>): ConfigChanges {
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { ...rest, values: Object.fromEntries(texts) };
}
