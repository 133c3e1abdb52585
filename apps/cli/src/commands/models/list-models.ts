import { isKwError, loadInspector } from '@kw/runtime';
import type { Inspector, Runtime } from '@kw/runtime';
import { chineseOf } from '../../errors.zh.ts';
import { exitCodes } from '../../exit-code.ts';
import type { CliHost } from '../../host.ts';
import { messagesIn } from '../../messages.ts';
import { safeText } from '../../render/safe-text.ts';
import type { RuntimeContext } from '../context.ts';
import { wantsJson } from '../context.ts';
import { modelMessagesIn } from './messages.ts';
import { renderModels } from './render.ts';
import { jsonText } from '../../render/json-text.ts';

/** Lists the provider's models: with window, price and advice on a terminal, one name a line elsewhere and in quiet. */
export async function listModels(context: RuntimeContext): Promise<number> {
  const { host, runtime } = context;
  const { config, models } = runtime;
  const list = await models.loadList({ signal: host.interrupt });
  if (list.cause !== undefined && list.models.length === 0) throw list.cause;
  if (list.cause !== undefined) sayWhy(list.cause, runtime, host);
  const inspector = await loadInspector();
  const { preset } = models.endpoint();
  const today = new Date().toISOString().slice(0, 10);
  const facts = list.models.map((model) => inspector.modelFacts(model, preset, today));
  const listed: Listed = {
    provider: preset.id,
    title: preset.title,
    experimental: preset.experimental === true,
    live: list.live,
    current: models.current.id,
    models: facts,
    guide: adviceFor(preset.id, facts, inspector),
  };
  if (wantsJson(context)) host.stdout.write(`${jsonText(listed, 2)}\n`);
  else if (config.quiet || !host.stdout.isTTY) for (const { id } of facts) host.stdout.write(`${safeText(id)}\n`);
  else host.stdout.write(renderModels(listed, { ...host, language: config.language }));
  return exitCodes.answered;
}

/** The guide compares its vendors; of a service that is none of them it is advice about what is served there, if anything. */
function adviceFor(provider: string, facts: Listed['models'], inspector: Inspector): Listed['guide'] {
  const guide = inspector.modelAdvice();
  if (guide.some((advice) => advice.provider === provider)) return guide;
  const served = new Set(facts.map(({ id }) => id));
  return guide.filter(({ model }) => served.has(model));
}

/** A provider's models, and what may be said of them. */
export interface Listed {
  readonly provider: string;
  readonly title: string;
  readonly experimental: boolean;
  /** False: the documented names, because the provider could not be asked. */
  readonly live: boolean;
  /** Empty where the server's first model is taken. */
  readonly current: string;
  readonly models: readonly ReturnType<Inspector['modelFacts']>[];
  readonly guide: ReturnType<Inspector['modelAdvice']>;
}

function sayWhy(cause: unknown, { config }: Runtime, host: CliHost): void {
  if (!isKwError(cause)) throw cause;
  const messages = messagesIn(config.language);
  if (cause.code === 'api-key-not-found') host.stderr.write(`${messages.documentedModels}\n`);
  else {
    const reason = config.language === 'zh' ? chineseOf(cause) : cause.message;
    host.stderr.write(`${messages.warning(safeText(modelMessagesIn(config.language).noList(reason)))}\n`);
  }
}
