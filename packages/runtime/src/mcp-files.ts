import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { UserPrompt } from '@kw/mcp';

const maxPromptUnits = 64 * 1024;
/** Several changes at once are told once, after so long, in milliseconds. */
const settleMs = 200;

/** The user's own prompts: `NAME.md`, a heading as the description, `{{argument}}` in the text. None where there is no such folder. */
export async function readPrompts(directory: string): Promise<readonly UserPrompt[]> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter((name) => /^[\w-]+\.md$/.test(name)).sort();
  return Promise.all(
    files.map(async (file): Promise<UserPrompt> => {
      const written = (await readFile(join(directory, file), 'utf8')).slice(0, maxPromptUnits);
      const [, heading, rest] = /^#\s+(.+)\n([\s\S]*)$/.exec(written) ?? [];
      const name = file.slice(0, -'.md'.length);
      return heading === undefined ? { name, text: written.trim() } : { name, description: heading.trim(), text: (rest ?? '').trim() };
    }),
  );
}

/** Tells when one of these files or folders changes, until the signal is aborted. What is not there is not watched. */
export function watchFiles(paths: readonly string[], changed: () => void, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!signal.aborted) changed();
    }, settleMs);
    timer.unref();
  };
  for (const path of paths) {
    try {
      const watcher = watch(dirname(path), { persistent: false, signal }, (_event, file) => {
        if (file === null || file === basename(path)) tell();
      });
      watcher.on('error', () => undefined); // the folder went away: nothing more is told
    } catch {
      continue; // there is no such folder
    }
  }
}
