import { composeQuery } from '@kw/agent';
import { isKwError, KwError } from '@kw/runtime';
import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import type { Messages } from '../messages.ts';
import { createStyle, takesColor } from '../render/style.ts';
import { runAndShow } from './ask.ts';
import type { RuntimeContext } from './context.ts';
import { untilFree } from './resume.ts';

/** Answers one question: the words of the command line together with what is piped in. Without either, a person at a terminal asks one after the other. */
export async function question(context: RuntimeContext): Promise<number> {
  const { words, runtime, host, counter, messages } = context;
  const { quiet, output, resumeSession } = runtime.config;
  if (words.length === 0 && !quiet && host.isInteractive()) {
    if (output !== 'text') throw new KwError('bad-usage', messages.onlyWithQuestion(output));
    const { repl } = await import('./repl/repl.ts');
    return repl(context);
  }
  const text = composeQuery(words.join(' '), await readInput(host, messages));
  if (text.trim() === '') throw new KwError('bad-usage', messages.noQuestion);
  runtime.models.check();
  const session = resumeSession === undefined ? undefined : await freeSession(resumeSession, context);
  const code = await runAndShow({ type: 'question', text, ...(session === undefined ? {} : { session }) }, runtime, { host, counter });
  if (goesOn.has(code) && output === 'text' && !quiet && host.isInteractive())
    counter.view.say(createStyle(takesColor(host.stderr, host.env)).dim(messages.goOn));
  return code;
}

/** How a question ends after which more can be asked at once. */
const goesOn: ReadonlySet<number> = new Set([exitCodes.answered, exitCodes.limit]);

/** The session that is meant, where nothing is open in it. Throws KwError `bad-usage`. */
async function freeSession(name: string, { runtime, messages, host, counter }: RuntimeContext): Promise<string> {
  const session = await findSession(name, runtime, messages);
  const open = await runtime.openRun(session);
  if (open === undefined) return session;
  const state = open === 'unknown-session' ? undefined : await runtime.runs.state(open);
  if (state?.isCancelled !== true) throw new KwError('session-busy', messages.busyOpen(session));
  // It was cancelled, and the program was gone before that was written down.
  if (await runtime.isBusy(session)) {
    counter.view.say(messages.sessionIsBusy(session));
    await untilFree(session, runtime, host);
  }
  await runtime.runs.driveSession(session, host.interrupt);
  return session;
}

/** The id of the session that is meant. Throws KwError `bad-usage` where there is none, or several. */
export async function findSession(name: string, runtime: Runtime, messages: Messages): Promise<string> {
  try {
    return (await runtime.sessionsApi.find(name)).id;
  } catch (error) {
    if (isKwError(error) && error.code === 'unknown-session')
      throw new KwError('bad-usage', name === 'latest' ? messages.noSessions : messages.unknownSession(name));
    throw error;
  }
}

/** Reads what is piped; where nothing ends it for a while, says what is waited for. */
async function readInput(host: CliHost, messages: Messages): Promise<string | undefined> {
  const hint = setTimeout(() => host.stderr.write(`${messages.waitingForInput}\n`), hintAfterMs);
  try {
    return await host.readPiped();
  } finally {
    clearTimeout(hint);
  }
}

const hintAfterMs = 3_000;
