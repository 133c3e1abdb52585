import { isKwError, warningsOf } from '@kw/runtime';
import { exitCodeOfError, exitCodes } from './exit-code.ts';
import type { CliHost } from './host.ts';
import { messagesIn } from './messages.ts';
import { safeText } from './render/safe-text.ts';

/** Says what ended the program, in one line and the person's language; gives the exit code. */
export async function report(error: unknown, language: 'en' | 'zh', host: CliHost): Promise<number> {
  if (host.interrupt.aborted) return exitCodes.interrupted;
  const messages = messagesIn(language);
  const say = (line: string): void => {
    host.stderr.write(`${line}\n`);
  };
  if (isKwError(error)) {
    for (const warning of warningsOf(error)) say(messages.warning(safeText(warning)));
    say(messages.failed(safeText(language === 'zh' ? (await import('./errors.zh.ts')).chineseOf(error) : error.message)));
    if (error.code === 'api-key-not-found') say(messages.withoutKey);
    return exitCodeOfError(error.code);
  }
  say(messages.failed(safeText(error instanceof Error ? error.message : String(error))));
  if (host.env['KW_DEBUG'] && error instanceof Error) say(error.stack ?? '');
  return exitCodes.failed;
}
