import { composeQuery } from '@kw/agent';
import type { Key, Keyboard } from '../../host.ts';
import type { ReplMessages } from '../../messages/repl.ts';
import { bytesOf } from '../../render/figures.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Style } from '../../render/style.ts';
import { report } from '../../report.ts';
import { runAndShow } from '../ask.ts';
import type { Work } from '../ask.ts';
import type { RuntimeContext } from '../context.ts';
import { attachmentsOf } from './attachments.ts';
import { added } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { unfold } from './show.ts';

/** Keys that are kept while something runs. */
const maxAhead = 1_000;
/** What happens to the terminal is no key. */
const ofTerminal: ReadonlySet<string> = new Set(['resize', 'suspend', 'continue']);

/** What a talk is made with. */
export interface TalkOptions {
  readonly context: RuntimeContext;
  readonly conversation: Conversation;
  readonly keyboard: Keyboard;
  readonly words: ReplMessages;
  readonly style: Style;
}

/** Questions of a conversation, and the keys while they are answered. */
export interface Talk {
  ask(text: string): Promise<void>;
  /** Goes on with what is open in a session, where something is. */
  goOn(session: string): Promise<void>;
  /** Runs something that Ctrl-C stops. */
  stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Runs something; what goes wrong is said, and the conversation goes on. */
  guarded(work: () => Promise<void>): Promise<void>;
  unfoldLatest(): Promise<string>;
}

/** Makes the part of a conversation that runs things. */
export function createTalk({ context, conversation, keyboard, words, style }: TalkOptions): Talk {
  const { runtime, host, counter } = context;
  /** Typed while something runs: for the next line, and never for a question. */
  let ahead: readonly Key[] = [];

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
      ahead = [];
      if (cancel.signal.aborted) host.exitNow();
      cancel.abort(new Error('SIGINT'));
      counter.view.say(style.dim(words.stopping));
    };
    const onKey = (key: Key): void => {
      if (key.ctrl && key.name === 'c') onPress();
      else if (key.name === 'end-of-input') cancel.abort(new Error('end of input'));
      else if (key.ctrl && key.name === 'o') void unfoldLatest().then((text) => counter.view.say(text));
      else if (!ofTerminal.has(key.name)) ahead = [...ahead.slice(-maxAhead), key];
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
      keyboard.unread(ahead);
      ahead = [];
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
            if (event.type === 'approval-request') ahead = [];
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
