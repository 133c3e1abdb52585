import { chineseOf } from '../../errors.zh.ts';
import { exitCodes } from '../../exit-code.ts';
import { replMessagesIn } from '../../messages/repl.ts';
import { wrapLines } from '../../render/display-width.ts';
import { safeText } from '../../render/safe-text.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import { readLine } from '../../terminal/line-editor.ts';
import type { RuntimeContext } from '../context.ts';
import { findSession } from '../question.ts';
import { createCached } from './cached.ts';
import { createClusterWords } from './cluster-words.ts';
import { createCompleter } from './completer.ts';
import { noTotals } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { openHistory } from './history-file.ts';
import { parseLine } from './meta.ts';
import type { MetaName } from './meta.ts';
import { runMeta } from './meta-commands.ts';
import { createTalk } from './talk.ts';
import { welcomeText } from './welcome.ts';

/** A conversation at the terminal: one question after the other in one session, until it is left. Gives the exit code. */
export async function repl(context: RuntimeContext): Promise<number> {
  const { runtime, host, messages, version } = context;
  const { resumeSession, language } = runtime.config;
  runtime.models.check();
  const resumed = resumeSession === undefined ? undefined : await findSession(resumeSession, runtime, messages);
  const words = replMessagesIn(language);
  const style = createStyle(takesColor(host.stderr, host.env));
  return converse(context, {
    welcome: () => welcomeText({ runtime, version, words, style, columns: host.stderr.columns() }),
    ...(resumed === undefined ? {} : { resumed }),
    placeholder: words.placeholder,
    onLeave: (session) => {
      for (const line of wrapLines(words.leaving(session), host.stderr.columns() - 1)) host.stderr.write(`${style.dim(line)}\n`);
    },
  });
}

/** How a conversation begins and ends. */
export interface ConverseOptions {
  /** Where it goes on; absent: a new session. */
  readonly session?: string;
  /** The same, and what was last said there is recalled. */
  readonly resumed?: string;
  /** What is printed first. */
  readonly welcome?: () => Promise<string>;
  /** Stands where nothing is written yet. */
  readonly placeholder: string;
  readonly onLeave?: (session: string) => void;
}

/** Reads and answers lines until the person leaves. Gives the exit code. */
export async function converse(
  context: RuntimeContext,
  { session, resumed, welcome, placeholder, onLeave }: ConverseOptions,
): Promise<number> {
  const { runtime, host, counter } = context;
  const { config, models, redactor } = runtime;
  const words = replMessagesIn(config.language);
  const style = createStyle(takesColor(host.stderr, host.env));
  const keyboard = await host.openKeyboard();
  const cluster = createClusterWords(runtime.targets, host.monotonic);
  const modelCache = createCached({ monotonic: host.monotonic, ttlMs: modelsHoldMs });
  const conversation: Conversation = { session: session ?? resumed, model: undefined, totals: noTotals, context: undefined };
  try {
    counter.view.offerUnfolding();
    // The keys are open already: what is typed meanwhile is not echoed into it.
    if (welcome !== undefined) host.stderr.write(`${await welcome()}\n`);
    const history = await openHistory({
      path: `${config.stateDirectory}/history`,
      isSecret: (line) => redactor.touches(line),
      userId: host.userId,
      onRefused: (error) => {
        const reason = config.language === 'zh' ? chineseOf(error) : error.message;
        host.stderr.write(`${style.yellow(context.messages.warning(safeText(words.noHistory(reason))))}\n`);
      },
    });
    const talk = createTalk({ context, conversation, keyboard, words, style });
    const modelNames = (): Promise<readonly string[]> =>
      modelCache.get('models', (signal) => models.list(signal).catch(() => models.documentedHere));
    let left = false;
    const scope = {
      context,
      conversation,
      repl: words,
      style,
      models: modelNames,
      goOn: talk.goOn,
      leave: () => {
        left = true;
      },
    };
    const command = (name: MetaName, argument: string): Promise<void> =>
      talk.guarded(() =>
        talk.stoppable((signal) => {
          const interrupt = AbortSignal.any([host.interrupt, signal]);
          return runMeta(name, argument, { ...scope, signal, context: { ...context, host: { ...host, interrupt } } });
        }),
      );
    const complete = createCompleter({
      home: host.home,
      cluster,
      models: modelNames,
      sessions: async () => (await runtime.sessionsApi.list()).map(({ id }) => id),
    });
    if (resumed !== undefined) await command('resume', resumed);
    let wantsToLeave = false;
    while (!left && !host.interrupt.aborted) {
      const read = await readLine(
        { keyboard, output: host.stderr, style, isDumb: host.env['TERM'] === 'dumb' },
        {
          prompt: `${style.bold(style.cyan('>'))} `,
          signal: host.interrupt,
          history: history.lines(),
          complete,
          pasteLabel: words.pasted,
          placeholder,
          above: async (key) => (key === 'ctrl-o' ? talk.unfoldLatest() : undefined),
        },
      );
      if (read.type === 'end' || read.type === 'closed') break;
      if (read.type === 'interrupt') {
        if (read.text !== '') wantsToLeave = false;
        else if (wantsToLeave) break;
        else {
          wantsToLeave = true;
          host.stderr.write(`${style.dim(words.leaveHint)}\n`);
        }
        continue;
      }
      wantsToLeave = false;
      const line = parseLine(read.text);
      if (line.type !== 'empty') await history.add(read.text.trim());
      switch (line.type) {
        case 'empty':
          break;
        case 'unknown':
          host.stderr.write(`${style.yellow(words.unknownCommand(`/${safeText(line.word)}`, line.near))}\n`);
          break;
        case 'meta':
          await command(line.name, line.argument);
          break;
        case 'question':
          await talk.ask(line.text);
          break;
      }
    }
    if (conversation.session !== undefined) onLeave?.(conversation.session);
    return host.interrupt.aborted ? exitCodes.interrupted : exitCodes.answered;
  } finally {
    modelCache.close();
    await cluster.close();
    keyboard.close();
  }
}

/** A list of models holds for longer than names of pods. */
const modelsHoldMs = 10 * 60_000;
