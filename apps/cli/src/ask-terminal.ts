import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

interface AskOptions {
  readonly signal: AbortSignal;
  readonly stdin: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Ctrl-C at the prompt. */
  readonly interrupt: () => void;
}

/** Asks one question on the terminal, also where standard input is a pipe. What was typed before the question does not answer it. Undefined at the end of input and on abort. */
export async function ask(prompt: string, { signal, stdin, output, interrupt }: AskOptions): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const input = stdin.isTTY === true ? stdin : createReadStream('/dev/tty');
  const shownAt = performance.now();
  const lines = createInterface({ input, output, terminal: stdin.isTTY === true });
  try {
    return await new Promise<string | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      lines.once('SIGINT', () => {
        interrupt();
        resolve(undefined);
      });
      lines.once('close', () => resolve(undefined));
      lines.on('line', (line) => {
        // Lines that were in the buffer before the question was shown arrive at once: they were not meant for it.
        if (performance.now() - shownAt < typedAheadMs) output.write(prompt);
        else resolve(line);
      });
      output.write(prompt);
    });
  } finally {
    lines.close();
    if (input !== stdin) input.destroy();
    else stdin.pause();
  }
}

const typedAheadMs = 150;
