import type { ContextUse, RunTarget } from '@kw/agent';
import { isKwError } from '@kw/runtime';
import type { Runtime } from '@kw/runtime';
import { chineseOf } from '../../errors.zh.ts';
import type { Messages } from '../../messages.ts';
import type { ReplMessages } from '../../messages/repl.ts';
import { grantLabel } from '../../render/approval-choices.ts';
import { displayWidth, wrapLines } from '../../render/display-width.ts';
import { countOf, durationOf, moneyOf } from '../../render/figures.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';
import type { Conversation } from './conversation.ts';

/** What the state of a conversation is told with. */
export interface StatusOptions {
  readonly runtime: Runtime;
  readonly conversation: Conversation;
  readonly messages: Messages;
  readonly repl: ReplMessages;
  readonly style: Style;
  readonly columns: number;
}

const barColumns = 24;
/** The bar and its words stand on two lines. */
const narrowColumns = 70;

/** Where the conversation stands: model, cluster, session, tokens and cost, context, grants, MCP servers, files. */
export async function statusText(options: StatusOptions): Promise<string> {
  const { runtime, conversation, repl, style, columns } = options;
  const { config, tools, models } = runtime;
  const model = conversation.model ?? models.current;
  const { session } = conversation;
  const grants = session === undefined ? [] : await runtime.runs.grants(session, runtime.principal);
  const target = await runtime.targets.freeze({}).catch((error: unknown) => whyNot(error, config.language));
  const label = repl.status;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [label.model, [`${model.id === '' ? '-' : model.id} (${model.provider})`]],
    [label.cluster, typeof target === 'string' ? [`${repl.noCluster}: ${safeText(target)}`] : placeOf(target, repl)],
    [label.permissions, [`${config.permissions}: ${repl.permissions[config.permissions]}`]],
    [label.session, [session ?? label.notYet]],
    [label.used, [usedText(options)]],
    [label.context, contextLines(conversation.context, options)],
    [
      label.grants,
      grants.length === 0 ? [label.none] : grants.map((grant, index) => `${index + 1} ${grantLabel(grant, options.messages)}`),
    ],
    [label.tools, [tools.map(({ name }) => name).join(', ')]],
    [label.mcp, config.mcpClient ? mcpLines(options) : [label.off]],
    [label.files, [config.configFile, `${config.stateDirectory}/sessions.db`, ...(config.isLogged ? [config.logFile] : [])]],
  ];
  const width = Math.max(...rows.map(([name]) => displayWidth(name))) + 2;
  return rows
    .flatMap(([name, lines]) =>
      lines
        .flatMap((line) => (line.includes('\u001b') ? [line] : wrapLines(line, columns - width - 2)))
        .map((line, index) => `  ${style.dim(padTo(index === 0 ? name : '', width))}${line}`),
    )
    .join('\n');
}

function whyNot(error: unknown, language: 'en' | 'zh'): string {
  if (language === 'zh' && isKwError(error)) return chineseOf(error);
  return error instanceof Error ? error.message : String(error);
}

function placeOf({ context, user, namespace, server }: RunTarget, { status }: ReplMessages): readonly string[] {
  return [safeText(`${context}, ${status.namespace} ${namespace ?? 'default'}, ${status.as} ${user}`), safeText(server)];
}

function usedText({ conversation: { totals }, messages, repl }: StatusOptions): string {
  const { usage, costs, questions, milliseconds } = totals;
  if (questions === 0) return repl.status.notYet;
  const cached = usage.cachedInputTokens ?? 0;
  const tokens = messages.tokens(countOf(usage.inputTokens), countOf(usage.outputTokens), cached > 0 ? countOf(cached) : undefined);
  return [repl.questions(questions), tokens, ...[...costs.values()].map(moneyOf), durationOf(milliseconds)].join(' · ');
}

function contextLines(context: ContextUse | undefined, { repl, style, columns }: StatusOptions): readonly string[] {
  if (context === undefined) return [repl.status.notYet];
  const { window, system, tools, history, results, answerReserve, cachedShare } = context;
  const used = system + tools + history + results;
  const percent = (part: number): number => Math.round((part / window) * 100);
  const filled = Math.min(barColumns, Math.round((used / window) * barColumns));
  const bar = `${style.cyan('█'.repeat(filled))}${style.dim('░'.repeat(barColumns - filled))}`;
  const words = repl.contextUsed(countOf(used), countOf(window), percent(used));
  const shares = [
    [repl.shares.system, system],
    [repl.shares.tools, tools],
    [repl.shares.history, history],
    [repl.shares.results, results],
    [repl.shares.answer, answerReserve],
  ] as const;
  return [
    ...(columns < narrowColumns ? [bar, words] : [`${bar} ${words}`]),
    shares.map(([name, tokens]) => `${name} ${countOf(tokens)}`).join(', '),
    ...(cachedShare === undefined ? [] : [repl.cachedShare(Math.round(cachedShare * 100))]),
  ];
}

function mcpLines({ runtime: { tools, config }, repl }: StatusOptions): readonly string[] {
  const servers = new Map<string, number>();
  for (const { kind, source } of tools) if (kind === 'mcp') servers.set(source ?? '?', (servers.get(source ?? '?') ?? 0) + 1);
  const lines = [...servers].map(([name, count]) => `${safeText(name)} (${count})`);
  return [lines.length === 0 ? repl.status.none : lines.join(', '), config.mcpConfig];
}

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
