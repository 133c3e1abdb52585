import { composeQuery } from '@kw/agent';
import { KwError } from '@kw/runtime';
import type { CliHost } from '../host.ts';
import type { Messages } from '../messages.ts';
import { runAndShow } from './ask.ts';
import type { RuntimeContext } from './context.ts';

/** Answers one question: the words of the command line together with what is piped in. */
export async function question({ words, runtime, host, counter, messages }: RuntimeContext): Promise<number> {
  const text = composeQuery(words.join(' '), await readInput(host, messages));
  if (text.trim() === '') throw new KwError('bad-usage', messages.noQuestion);
  runtime.models.check();
  return runAndShow({ type: 'question', text }, runtime, { host, counter });
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
