import { nearNames } from '@kw/runtime';
import type { ModelRef } from '@kw/runtime';
import type { ReplMessages } from '../../messages/repl.ts';
import { grantLabel } from '../../render/approval-choices.ts';
import { displayWidth, wrapLines } from '../../render/display-width.ts';
import { pastAnswer } from '../../render/past-answer.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';
import { fitLine } from '../../render/display-width.ts';
import type { RuntimeContext } from '../context.ts';
import { findSession } from '../question.ts';
import { runtimeCommand } from '../registry.ts';
import { noTotals } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { MetaName } from './meta.ts';
import { unfold } from './show.ts';
import { statusText } from './status.ts';

/** What the commands of a conversation act on. */
export interface MetaScope {
  readonly context: RuntimeContext;
  readonly conversation: Conversation;
  readonly repl: ReplMessages;
  readonly style: Style;
  /** Names of models, asked from the service. */
  readonly models: () => Promise<readonly string[]>;
  /** Goes on with what is open in a session. */
  readonly goOn: (session: string) => Promise<void>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly leave: () => void;
}

type Run = (argument: string, scope: MetaScope) => Promise<void> | void;

const commands = new Map<MetaName, Run>([
  ['help', (_argument, { context, repl, style }) => print(context, helpText(repl, style, context.host.stdout.columns()))],
  ['models', listModels],
  ['tools', (_argument, { context }) => asCommand('tools', context)],
  ['sessions', (_argument, { context }) => asCommand('sessions', context)],
  ['version', (_argument, { context }) => print(context, context.version)],
  ['model', chooseModel],
  ['reset', reset],
  ['session', showSession],
  ['resume', resume],
  ['compact', compact],
  ['status', showStatus],
  ['grants', listGrants],
  ['revoke', revoke],
  ['show', show],
  ['clear', (_argument, { context }) => context.host.stdout.write('\u001b[H\u001b[2J\u001b[3J')],
  ['exit', (_argument, { leave }) => leave()],
  ['quit', (_argument, { leave }) => leave()],
]);

/** Runs one command of the conversation. Throws KwError where it fails. */
export async function runMeta(name: MetaName, argument: string, scope: MetaScope): Promise<void> {
  await commands.get(name)?.(argument, scope);
}

function print({ host }: RuntimeContext, text: string): void {
  host.stdout.write(`${text}\n`);
}

async function asCommand(name: 'models' | 'tools' | 'sessions', context: RuntimeContext): Promise<void> {
  const run = await runtimeCommand(name)();
  await run({ ...context, words: [], own: new Map() });
}

/** The list marks the model that answers in this conversation. */
function listModels(_argument: string, { context, conversation }: MetaScope): Promise<void> {
  const { models } = context.runtime;
  const current = conversation.model ?? models.current;
  return asCommand('models', { ...context, runtime: { ...context.runtime, models: { ...models, current } } });
}

async function chooseModel(argument: string, { context, conversation, repl, style, models }: MetaScope): Promise<void> {
  const { runtime } = context;
  const current = conversation.model ?? runtime.models.current;
  if (argument === '') return print(context, `${current.id === '' ? '-' : current.id} (${current.provider})`);
  const chosen: ModelRef = { provider: current.provider, id: argument };
  runtime.models.lookup(chosen); // throws what would be wrong with it
  const known = await models();
  if (known.length > 0 && !known.includes(argument))
    print(context, style.yellow(repl.modelUnknown(safeText(argument), safeText(nearNames(argument, known).join(', ')))));
  conversation.model = chosen;
  print(context, style.dim(repl.modelIs(safeText(argument), current.provider)));
}

function reset(_argument: string, { context, conversation, repl, style }: MetaScope): void {
  conversation.session = undefined;
  conversation.totals = noTotals;
  conversation.context = undefined;
  context.counter.view.folds.clear();
  print(context, style.dim(repl.newSession));
}

async function showSession(_argument: string, { context, conversation, repl }: MetaScope): Promise<void> {
  if (conversation.session === undefined) return print(context, repl.noSession);
  const { id, title } = await context.runtime.sessionsApi.find(conversation.session);
  print(context, repl.inSession(id, safeText(title)));
}

async function resume(argument: string, { context, conversation, repl, style, goOn }: MetaScope): Promise<void> {
  const { runtime, messages } = context;
  const others = argument === '' ? await runtime.sessionsApi.list({ limit: 2 }) : [];
  const latest = others.find(({ id }) => id !== conversation.session)?.id;
  if (argument === '' && latest === undefined) return print(context, messages.noSessions);
  const session = latest ?? (await findSession(argument, runtime, messages));
  conversation.session = session;
  conversation.totals = noTotals;
  conversation.context = undefined;
  context.counter.view.folds.clear();
  const { title, runs } = await runtime.sessionsApi.show(session);
  for (const line of wrapLines(`${repl.continued(session)} ${safeText(title)}`, context.host.stdout.columns() - 1))
    print(context, style.dim(line));
  for (const { output, command } of runs.flatMap(({ calls }) => calls))
    if (output !== undefined) context.counter.view.folds.add({ type: 'output', ref: output, command: safeText(command) });
  const last = runs.at(-1);
  if (last !== undefined) {
    const width = context.host.stdout.columns() - 4;
    print(context, `${style.dim('>')} ${fitLine(safeText(last.question), width)}`);
    const answerOf = await pastAnswer(context.host);
    const lines = answerOf(last.answer.trim(), width).split('\n');
    if (lines.length > maxRecalled) print(context, style.dim('  …'));
    for (const line of lines.slice(-maxRecalled)) print(context, `  ${line}`);
  }
  await goOn(session);
}

/** Lines of the last answer that are recalled. */
const maxRecalled = 6;

async function compact(_argument: string, { context, conversation, repl, style, signal }: MetaScope): Promise<void> {
  const { session } = conversation;
  if (session === undefined) return print(context, style.dim(repl.nothingToCompact));
  print(context, style.dim(`${repl.compacting} …`));
  const done = await context.runtime.runs.compact(session, context.runtime.principal, { signal });
  print(context, style.dim(done === undefined ? repl.nothingToCompact : context.messages.compacted(done.before, done.after)));
}

async function showStatus(_argument: string, { context, conversation, repl, style }: MetaScope): Promise<void> {
  const { runtime, messages, host } = context;
  print(context, await statusText({ runtime, conversation, messages, repl, style, columns: host.stdout.columns() }));
}

async function listGrants(_argument: string, { context, conversation, repl, style }: MetaScope): Promise<void> {
  const { runtime, host, messages } = context;
  const { session } = conversation;
  const grants = session === undefined ? [] : await runtime.runs.grants(session, runtime.principal);
  if (grants.length === 0) return print(context, style.dim(repl.noGrants));
  print(context, repl.grantsTitle);
  for (const [index, grant] of grants.entries()) {
    const { summary, scope, target } = grant;
    const place = target === undefined ? '' : style.dim(` (${safeText(target.context)})`);
    print(context, `  ${index + 1}  ${grantLabel(grant, messages)}${place}`);
    if (scope === 'exact') continue;
    for (const line of wrapLines(safeText(summary), host.stdout.columns() - 6)) print(context, style.dim(`     ${line}`));
  }
}

async function revoke(argument: string, { context, conversation, repl, style }: MetaScope): Promise<void> {
  const { runtime } = context;
  const { session } = conversation;
  if (argument === '') return print(context, repl.usage('revoke N'));
  const grants = session === undefined ? [] : await runtime.runs.grants(session, runtime.principal);
  const grant = grants[Number(argument.replace('#', '')) - 1];
  if (session === undefined || grant === undefined) return print(context, style.yellow(repl.noGrant(safeText(argument))));
  await runtime.runs.revokeGrant(session, grant.grantId, runtime.principal);
  print(context, style.dim(repl.revoked(grantLabel(grant, context.messages))));
}

async function show(argument: string, { context, conversation, repl, style }: MetaScope): Promise<void> {
  const { runtime, counter, host } = context;
  const { session } = conversation;
  print(
    context,
    await unfold(argument, {
      folds: counter.view.folds,
      session,
      outputs: runtime.outputs,
      style,
      messages: repl,
      rows: host.stdout.rows(),
    }),
  );
}

/** Commands and keys, in two columns. */
export function helpText({ commands: names, commandsTitle, keys, keysTitle }: ReplMessages, style: Style, columns: number): string {
  const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
    const width = Math.max(...rows.map(([name]) => displayWidth(name))) + 2;
    return rows.flatMap(([name, words]) =>
      wrapLines(words, columns - width - 3).map(
        (line, index) => `  ${style.cyan(index === 0 ? name : '')}${' '.repeat(width - (index === 0 ? displayWidth(name) : 0))}${line}`,
      ),
    );
  };
  const title = (text: string): readonly string[] => wrapLines(text, columns - 1).map((line) => style.bold(line));
  return [...title(commandsTitle), ...table(names), '', ...title(keysTitle), ...table(keys)].join('\n');
}
