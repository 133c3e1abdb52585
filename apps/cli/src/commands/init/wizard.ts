import type { ConfigChanges, Inspector, RuntimeHost } from '@kw/runtime';
import { isKwError } from '@kw/runtime';
import { chineseOf } from '../../errors.zh.ts';
import { currentName } from './current-name.ts';
import type { DraftModels, DraftSource } from './draft.ts';
import { draft, modelsOf } from './draft.ts';
import { initMessagesIn } from './messages.ts';
import type { InitMessages } from './messages.ts';
import { left } from './left.ts';
import type { Left } from './left.ts';
import type { Choice, Prompts } from './prompts.ts';
import { tryModel } from './try-model.ts';

/** What the wizard talks with and about. */
export interface WizardOptions {
  readonly prompts: Prompts;
  readonly inspector: Inspector;
  readonly source: DraftSource;
  readonly surroundings: RuntimeHost;
  readonly language: 'en' | 'zh';
}

/** What was answered. */
export interface Setup {
  readonly changes: ConfigChanges;
  readonly language: 'en' | 'zh';
}

type Changes = { -readonly [K in keyof ConfigChanges]: ConfigChanges[K] };

const other = '\u0000other';
const currentOne = '\u0000current';

/** Asks for language, provider, key, model and cluster, and tries them. What flags say is not asked. */
export async function askSetup(options: WizardOptions): Promise<Setup | Left> {
  const language = await askLanguage(options);
  if (language === left) return left;
  const asking: Asking = { ...options, language, messages: initMessagesIn(language), changes: { values: { lang: language } } };
  for (const step of [askProvider, askAddress, askKey, askModel, askContext]) {
    if ((await step(asking)) === left) return left;
  }
  return { changes: asking.changes, language };
}

interface Asking extends WizardOptions {
  readonly messages: InitMessages;
  /** What is known so far; each step adds to it. */
  changes: Changes;
}

async function askLanguage({ prompts, source, language }: WizardOptions): Promise<'en' | 'zh' | Left> {
  const flag = source.line.flags.lang;
  if (flag === 'en' || flag === 'zh') return flag;
  const choices = [
    { value: 'en', label: 'English' },
    { value: 'zh', label: '中文' },
  ];
  const answer = await prompts.select('Language / 语言', choices, language);
  return answer === left ? left : answer === 'zh' ? 'zh' : 'en';
}

/** Hands the models of what is known so far to `use`. */
async function withModels<T>(asking: Asking, use: (models: DraftModels) => Promise<T>): Promise<T> {
  const models = modelsOf(await draft(asking.source, asking.changes), asking.inspector, asking.surroundings);
  try {
    return await use(models);
  } finally {
    await models.close();
  }
}

function set(asking: Asking, values: ConfigChanges['values']): void {
  asking.changes = { ...asking.changes, values: { ...asking.changes.values, ...values } };
}

async function askProvider(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages, source } = asking;
  const flag = source.line.flags['llm-provider'];
  if (typeof flag === 'string') {
    set(asking, { 'llm-provider': flag });
    return undefined;
  }
  return withModels(asking, async (models) => {
    const choices = models.presets
      .filter(({ builtIn }) => builtIn !== true)
      .map(({ id, title, keyVariables, experimental }): Choice => {
        const hints = [...keyVariables.slice(0, 1), ...(experimental === true ? [messages.experimental] : [])];
        return { value: id, label: title, ...(hints.length === 0 ? {} : { hint: hints.join(', ') }) };
      });
    const answer = await prompts.select(messages.provider, choices, models.current.provider);
    if (answer === left) return left;
    set(asking, { 'llm-provider': answer });
    return undefined;
  });
}

async function askAddress(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages } = asking;
  return withModels(asking, async (models) => {
    try {
      models.endpoint();
      return undefined;
    } catch (error) {
      if (!isKwError(error) || error.code !== 'base-url-not-found') throw error;
    }
    const { provider } = models.current;
    const title = models.presets.find(({ id }) => id === provider)?.title ?? provider;
    const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]/.test(text.trim());
    const answer = await prompts.text(messages.address(title), 'http://127.0.0.1:8000/v1', (value) =>
      isAddress(value) ? undefined : messages.badAddress,
    );
    if (answer === left) return left;
    asking.changes = { ...asking.changes, addresses: { [provider]: answer.trim() } };
    return undefined;
  });
}

async function askKey(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages } = asking;
  const needed = await withModels(asking, async (models) => {
    const { preset, keyFrom } = models.endpoint();
    const [variable] = preset.keyVariables;
    if (variable === undefined || preset.keyCommand !== undefined) {
      prompts.say(messages.noKeyNeeded(preset.title), 'info');
      return undefined;
    }
    if (keyFrom === 'api-keys') {
      const keep = await prompts.confirm(messages.keyInFile, true);
      if (keep !== false) return keep === left ? left : undefined;
    } else if (keyFrom !== undefined) {
      prompts.say(messages.keyInVariable(keyFrom), 'info');
      return undefined;
    }
    return { id: preset.id, question: preset.keyRequired ? messages.key(preset.title, variable) : messages.optionalKey(preset.title) };
  });
  if (needed === undefined || needed === left) return needed;
  const answer = await prompts.secret(needed.question, (value) => (/\s/.test(value.trim()) ? messages.badKey : undefined));
  if (answer === left) return left;
  const key = answer.trim();
  if (key !== '') asking.changes = { ...asking.changes, apiKeys: { [needed.id]: key } };
  return undefined;
}

async function askModel(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages, source, language } = asking;
  const listed = await withModels(asking, async (models) => {
    const { preset, keyFrom } = models.endpoint();
    if (preset.keyRequired && keyFrom === undefined && preset.keyCommand === undefined) {
      prompts.say(messages.noKeyYet(preset.keyVariables.join(', ')), 'warn');
      return { names: preset.models, isLive: false, preset, isRefused: false };
    }
    prompts.say(messages.asking(preset.title), 'info');
    const { models: all, live, cause } = await models.loadList({ signal: source.host.interrupt });
    const names = all.filter(({ onlyDocumented }) => onlyDocumented !== true).map(({ id }) => id);
    if (live) prompts.say(messages.listed(names.length), 'ok');
    else if (cause !== undefined) prompts.say(messages.notListed(wordsOf(cause, language)), 'warn');
    return { names, isLive: live, preset, isRefused: !live && asking.changes.apiKeys !== undefined && cause !== undefined };
  });
  if (listed.isRefused) {
    const again = await prompts.confirm(messages.again, true);
    if (again === left) return left;
    if (again) {
      asking.changes = { ...asking.changes, apiKeys: {} };
      return (await askKey(asking)) ?? askModel(asking);
    }
  }
  const flag = source.line.flags.model;
  const { preset, names, isLive } = listed;
  const fallback = preset.defaultModel === undefined ? names[0] : currentName(preset.id, preset.defaultModel, isLive ? names : []);
  const answer = typeof flag === 'string' ? flag : await chooseModel(asking, names, fallback);
  if (answer === left) return left;
  set(asking, { model: answer });
  return tryIt(asking);
}

async function chooseModel({ prompts, messages }: Asking, names: readonly string[], fallback: string | undefined): Promise<string | Left> {
  const all = [...new Set([...(fallback === undefined ? [] : [fallback]), ...names])];
  const choices = [...all.map((value) => ({ value, label: value })), { value: other, label: messages.otherModel }];
  const answer = await prompts.search(messages.model, choices, fallback);
  if (answer !== other) return answer;
  const typed = await prompts.text(messages.modelName, fallback ?? '', (value) => (value.trim() === '' ? messages.noModel : undefined));
  return typed === left ? left : typed.trim();
}

async function tryIt(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages, source, language } = asking;
  if (source.line.own.has('no-test')) return undefined;
  return withModels(asking, async (models) => {
    const { preset, keyFrom } = models.endpoint();
    if (preset.keyRequired && keyFrom === undefined && preset.keyCommand === undefined) return undefined;
    const wanted = await prompts.confirm(messages.tryIt, true);
    if (wanted !== true) return wanted === left ? left : undefined;
    try {
      prompts.say(messages.tried(await tryModel(models, source.host.interrupt, source.host.monotonic)), 'ok');
      return undefined;
    } catch (error) {
      prompts.say(messages.notTried(wordsOf(error, language)), 'warn');
      return (await prompts.confirm(messages.goOn, false)) === true ? undefined : left;
    }
  });
}

async function askContext(asking: Asking): Promise<Left | undefined> {
  const { prompts, messages, source, inspector, surroundings } = asking;
  const flag = source.line.flags.context;
  if (typeof flag === 'string') {
    set(asking, { context: flag });
    return undefined;
  }
  const { loaded } = await draft(source, asking.changes);
  const { names, current } = await inspector.contexts(loaded.config, surroundings).catch(() => ({ names: [], current: undefined }));
  if (names.length === 0) prompts.say(messages.noContext, 'info');
  if (names.length < 2) return undefined;
  const hint = current === undefined ? {} : { hint: current };
  const choices = [{ value: currentOne, label: messages.currentContext, ...hint }, ...names.map((value) => ({ value, label: value }))];
  const answer = await prompts.search(messages.context, choices, loaded.config.context ?? currentOne);
  if (answer === left) return left;
  set(asking, { context: answer === currentOne ? undefined : answer });
  return undefined;
}

function wordsOf(error: unknown, language: 'en' | 'zh'): string {
  if (isKwError(error)) return language === 'zh' ? chineseOf(error) : error.message;
  return error instanceof Error ? error.message : String(error);
}
