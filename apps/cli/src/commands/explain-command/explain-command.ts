import type { Policy } from '@kw/agent';
import { decideCall } from '@kw/agent';
import { isKwError, loadInspector, loadReasons } from '@kw/runtime';
import type { Inspector } from '@kw/runtime';
import { usageError } from '../../errors.ts';
import { chineseOf } from '../../errors.zh.ts';
import { exitCodes } from '../../exit-code.ts';
import type { CommandContext } from '../context.ts';
import { wantsJson } from '../context.ts';
import { explainMessagesIn } from './messages.ts';
import { renderExplanation } from './render.ts';
import { jsonText } from '../../render/json-text.ts';

/** Says how a command would be judged and what the permissions make of it. Runs nothing; the exit code is 0 whatever the verdict. */
export async function explain(context: CommandContext): Promise<number> {
  const { words, host, loaded } = context;
  const { config } = loaded;
  const command = words.join(' ').trim();
  if (command === '') throw usageError({ en: explainMessagesIn('en').nothing, zh: explainMessagesIn('zh').nothing });
  const inspector = await loadInspector();
  const [target, { specs: custom }] = await Promise.all([targetOf(inspector, context), inspector.tools(config, context.surroundings)]);
  const explanation = inspector.explain(command, { custom, ...(target.type === 'known' ? { currentContext: target.context } : {}) });
  const policy: Policy = { mode: config.permissions, rules: config.rules, allowDangerous: config.dangerouslyAllow };
  const decided = decideCall(explanation, policy, target.type === 'known' ? target : undefined);
  if (wantsJson(context)) {
    const { parts, ...whole } = explanation;
    const told = parts.map((part, at) => ({ ...part, ...decided.parts[at]?.decision }));
    const verdict = explanation.refusal === undefined ? decided.decision : { verdict: 'deny', reason: explanation.refusal };
    host.stdout.write(`${jsonText({ command, ...whole, target, policy: config.permissions, ...verdict, parts: told }, 2)}\n`);
    return exitCodes.answered;
  }
  const reasonIn = await loadReasons(config.language);
  host.stdout.write(renderExplanation({ command, explanation, decided, target }, { ...host, language: config.language, reasonIn }));
  return exitCodes.answered;
}

/** Where the command would act, as far as files say it. */
export type ExplainedTarget =
  | { readonly type: 'known'; readonly context: string; readonly server: string; readonly namespace: string }
  | { readonly type: 'unknown'; readonly reason: string };

async function targetOf(inspector: Inspector, { loaded, surroundings, host }: CommandContext): Promise<ExplainedTarget> {
  try {
    const { context, server, namespace } = await inspector.kubeconfig(loaded.config, surroundings, host.interrupt);
    return { type: 'known', context, server, namespace };
  } catch (error) {
    if (!isKwError(error)) throw error;
    return { type: 'unknown', reason: loaded.config.language === 'zh' ? chineseOf(error) : error.message };
  }
}
