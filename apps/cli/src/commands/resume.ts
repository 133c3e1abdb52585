import { KwError } from '@kw/agent';
import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import { safeText } from '../render/safe-text.ts';
import { runAndShow } from './ask.ts';

/** Goes on with what is open in a session (by default the latest one that has something open): its approval, or what a crash cut. */
export async function resume(session: string | undefined, runtime: Runtime, host: CliHost): Promise<number> {
  const messages = messagesIn(runtime.config.language);
  const chosen = session ?? (await runtime.latestOpenSession()) ?? (await runtime.latestSession());
  if (chosen === undefined) {
    host.stderr.write(`${messages.noSessions}\n`);
    return exitCodes.answered;
  }
  const open = await runtime.openRun(chosen);
  if (open === 'unknown-session') throw new KwError('bad-usage', `there is no session ${chosen}; without a name, the latest one is taken`);
  if (open === undefined) {
    host.stderr.write(`${messages.nothingToResume(chosen)}\n`);
    return exitCodes.answered;
  }
  host.stderr.write(`${messages.question(safeText(open.question))}\n`);
  return runAndShow({ type: 'resume', run: open.run }, runtime, host);
}
