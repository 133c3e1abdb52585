import type { ConfigChanges, Inspector, OptionKey, RuntimeHost } from '@kw/runtime';
import { presets as builtIn, inferProvider, isKwError, KwError } from '@kw/runtime';
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
  const { context, lang } = line.flags;
  const provider = line.flags['llm-provider'] ?? (typeof line.flags.model === 'string' ? inferProvider(line.flags.model) : undefined);
  const model = line.flags.model ?? (await ownModel(source, provider));
  const chosen = textsOf({ 'llm-provider': provider, model, context, lang });
  const withKey = await addKey(chosen, { source, inspector, surroundings });
  const drafted = await draft(source, withKey);
  const models = modelsOf(drafted, inspector, surroundings);
  try {
    if (!line.own.has('no-test')) await tryModel(models, host.interrupt, host.monotonic).catch(nothingWritten);
    // What only the defaults say is written, too: a later version may have others.
    const isSaid = (key: OptionKey): boolean => drafted.loaded.sources.get(key)?.layer !== 'default';
    const complete = {
      'llm-provider': isSaid('llm-provider') ? provider : models.current.provider,
      model: isSaid('model') ? model : nameOf(models),
      context,
      lang,
    };
    return { ...withKey, ...textsOf(complete) };
  } finally {
    await models.close();
  }
}

/** The provider's own model where the file names one that another vendor serves. */
async function ownModel(source: DraftSource, provider: unknown): Promise<string | undefined> {
  if (typeof provider !== 'string') return undefined;
  const { loaded } = await draft(source, { values: {} });
  const { model, presets } = loaded.config;
  const own = [...presets, ...builtIn].find(({ id }) => id === provider)?.defaultModel;
  const vendor = model === undefined ? undefined : inferProvider(model, [...presets, ...builtIn]);
  return own === undefined || vendor === undefined || vendor === provider ? undefined : currentName(provider, own, []);
}

/** The values that are texts, in this order. */
function textsOf(values: Readonly<Partial<Record<OptionKey, unknown>>>): ConfigChanges {
  return {
    values: Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))),
  };
}

/** The same error, with what it means for the file. */
function nothingWritten(error: unknown): never {
  if (!isKwError(error)) throw error;
  const said = /[.!?。！？:：]$/.test(error.message) ? error.message : `${error.message}.`;
  throw new KwError(error.code, `${said} Nothing was written; --no-test writes without trying.`, {
    cause: error,
    details: { ...error.details, zh: `${chineseOf(error)}没有写入任何内容；使用 --no-test 可不经测试直接写入。` },
  });
}

/** A key on standard input is stronger than the file's; where a variable holds one, standard input is not read. */
async function addKey(changes: ConfigChanges, { source, inspector, surroundings }: UnaskedOptions): Promise<ConfigChanges> {
  const { host } = source;
  const models = modelsOf(await draft(source, changes), inspector, surroundings);
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

/** The model that is written where none is named: a default name that its vendor has retired is written as it is called now. */
function nameOf({ current }: DraftModels): string | undefined {
  return current.id === '' ? undefined : currentName(current.provider, current.id, []);
}
