import { composeQuery } from '@kw/agent';
import { exitCodes } from '../../exit-code.ts';
import type { Key, Keyboard } from '../../host.ts';
import { replMessagesIn } from '../../messages/repl.ts';
import type { ReplMessages } from '../../messages/repl.ts';
import { bytesOf } from '../../render/figures.ts';
import { safeText } from '../../render/safe-text.ts';
import { createStyle, takesColor } from '../../render/style.ts';
import type { Style } from '../../render/style.ts';
import { report } from '../../report.ts';
import { readLine } from '../../terminal/line-editor.ts';
import { runAndShow } from '../ask.ts';
import type { Work } from '../ask.ts';
import type { RuntimeContext } from '../context.ts';
import { findSession } from '../question.ts';
import { attachmentsOf } from './attachments.ts';
import { createCached } from './cached.ts';
import { createClusterWords } from './cluster-words.ts';
import { createCompleter } from './completer.ts';
import { added, noTotals } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { openHistory } from './history-file.ts';
import { parseLine } from './meta.ts';
import { runMeta } from './meta-commands.ts';
import { unfold } from './show.ts';
import { welcomeText } from './welcome.ts';

/** A conversation at the terminal: one question after the other in one session, until it is left. Gives the exit code. */
export async function repl(context: RuntimeContext): Promise<number> {
  const { runtime, host, counter, messages } = context;
  const { config, models, redactor } = runtime;
  models.check();
  const session = config.resumeSession === undefined ? undefined : await findSession(config.resumeSession, runtime, messages);
  const words = replMessagesIn(config.language);
  const style = createStyle(takesColor(host.stderr, host.env));
  const keyboard = await host.openKeyboard();
  const cluster = createClusterWords(runtime.targets, host.monotonic);
  const modelCache = createCached({ monotonic: host.monotonic, ttlMs: modelsHoldMs });
  const conversation: Conversation = { session, model: undefined, totals: noTotals, context: undefined };
  try {
    counter.view.offerUnfolding();
    host.stderr.write(`${await welcomeText({ runtime, version: context.version, words, style, columns: host.stderr.columns() })}\n`);
    const history = await openHistory({ path: `${config.stateDirectory}/history`, isSecret: (line) => redactor.touches(line) });
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
      stoppable: talk.stoppable,
      leave: () => {
        left = true;
      },
    };
    const complete = createCompleter({
      home: host.home,
      cluster,
      models: modelNames,
      sessions: async () => (await runtime.sessionsApi.list()).map(({ id }) => id),
    });
    if (session !== undefined) await talk.guarded(() => runMeta('resume', session, scope));
    let wantsToLeave = false;
    while (!left && !host.interrupt.aborted) {
      const read = await readLine(
        { keyboard, output: host.stderr, style, isDumb: host.env['TERM'] === 'dumb' },
        {
          prompt: `${style.bold(style.cyan('>'))} `,
          signal: host.interrupt,
          history: history.lines(),
          initial: talk.takeAhead(),
          complete,
          pasteLabel: words.pasted,
          placeholder: words.placeholder,
          above: async (key) => (key === 'ctrl-o' ? talk.unfoldLatest() : undefined),
        },
      );
      if (read.type === 'end') break;
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
          await talk.guarded(() => runMeta(line.name, line.argument, scope));
          break;
        case 'question':
          await talk.ask(line.text);
          break;
      }
    }
    return host.interrupt.aborted ? exitCodes.interrupted : exitCodes.answered;
  } finally {
    modelCache.close();
    await cluster.close();
    keyboard.close();
  }
}

/** A list of models holds for longer than names of pods. */
const modelsHoldMs = 10 * 60_000;

interface TalkOptions {
  readonly context: RuntimeContext;
  readonly conversation: Conversation;
  readonly keyboard: Keyboard;
  readonly words: ReplMessages;
  readonly style: Style;
}

/** Questions of a conversation, and the keys while they are answered. */
interface Talk {
  ask(text: string): Promise<void>;
  /** Goes on with what is open in a session, where something is. */
  goOn(session: string): Promise<void>;
  /** Runs something that Ctrl-C stops. */
  stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Runs something; what goes wrong is said, and the conversation goes on. */
  guarded(work: () => Promise<void>): Promise<void>;
  unfoldLatest(): Promise<string>;
  /** What was typed while something ran. */
  takeAhead(): string;
}

function createTalk({ context, conversation, keyboard, words, style }: TalkOptions): Talk {
  const { runtime, host, counter } = context;
  let ahead = '';

  const unfoldLatest = (): Promise<string> =>
    unfold('', {
      folds: counter.view.folds,
      session: conversation.session,
      outputs: runtime.outputs,
      style,
      messages: words,
      rows: host.stdout.rows(),
    });
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!host.interrupt.aborted) await report(error, runtime.config.language, host);
    }
  };
  const stoppable = async (work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    const cancel = new AbortController();
    const onPress = (): void => {
      if (cancel.signal.aborted) host.exitNow();
      cancel.abort(new Error('SIGINT'));
      counter.view.say(style.dim(words.stopping));
    };
    const onKey = (key: Key): void => {
      if (key.ctrl && key.name === 'c') onPress();
      else if (key.name === 'end-of-input') cancel.abort(new Error('end of input'));
      else if (key.ctrl && key.name === 'o') void unfoldLatest().then((text) => counter.view.say(text));
      else if (key.name === 'backspace') ahead = ahead.slice(0, -1);
      else ahead += key.name === 'return' ? '\n' : key.text;
    };
    const stopKeys = keyboard.listen(onKey);
    const stopSignals = host.onInterrupt(onPress);
    try {
      await work(cancel.signal);
    } catch (error) {
      if (!cancel.signal.aborted) throw error;
    } finally {
      stopSignals();
      stopKeys();
    }
  };
  const run = (work: Work): Promise<void> =>
    guarded(() =>
      stoppable(async (signal) => {
        const began = host.monotonic();
        await runAndShow(work, runtime, {
          host,
          counter,
          signal,
          onEvent: (event) => {
            conversation.session = event.session;
            // What was typed before a question does not answer it, nor stands in the next line.
            if (event.type === 'approval-request') ahead = '';
            if (event.type !== 'run-end') return;
            conversation.totals = added(conversation.totals, event, host.monotonic() - began);
            conversation.context = event.context ?? conversation.context;
          },
        });
        host.stderr.write('\n');
      }),
    );
  return {
    guarded,
    stoppable,
    unfoldLatest,
    takeAhead: () => {
      const text = ahead.trim();
      ahead = '';
      return text;
    },
    ask: async (question) => {
      const attachments = await attachmentsOf(question, host.home);
      for (const { path, bytes } of attachments) host.stderr.write(`${style.dim(words.attached(safeText(path), bytesOf(bytes)))}\n`);
      const files = attachments.map(({ path, text }) => `# ${path}\n${text}`).join('\n');
      const { session, model } = conversation;
      await run({
        type: 'question',
        text: composeQuery(question, files),
        ...(session === undefined ? {} : { session }),
        ...(model === undefined ? {} : { model }),
      });
    },
    goOn: async (session) => {
      const open = await runtime.openRun(session);
      if (open === undefined || open === 'unknown-session') return;
      if (await runtime.isBusy(session)) counter.view.say(style.dim(context.messages.sessionIsBusy(session)));
      await run({ type: 'resume', run: open });
    },
  };
}
