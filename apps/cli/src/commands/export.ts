import { exitCodes } from '../exit-code.ts';
import type { RuntimeContext } from './context.ts';
import { wantsJson } from './context.ts';

/** Writes a redacted hand-over of a session to standard output: Markdown, or JSON. Without a name: the latest session. */
export async function exportSession(context: RuntimeContext): Promise<number> {
  const { words, own, host, runtime } = context;
  const format = !own.has('md') && wantsJson(context) ? 'json' : 'markdown';
  const text = await runtime.sessionsApi.export(words[0] ?? 'latest', format);
  host.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return exitCodes.answered;
}
