import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';

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
  const input = stdin.isTTY === true ? stdin : new ReadStream(openSync('/dev/tty', 'r+'));
  try {
    input.setRawMode(true);
    if ((await typedAhead(input, signal)).includes(ctrlC)) {
      interrupt();
      return undefined;
    }
    return await readLine(prompt, { signal, input, output, interrupt });
  } finally {
    input.setRawMode(false);
    if (input === stdin) stdin.pause();
    else input.destroy();
  }
}

const ctrlC = '\u0003';
/** Keys in the terminal's buffer arrive at once; silence for so long means that it is empty. */
const silenceMs = 50;

/** Takes away what is in the terminal's buffer, half a line included: it was not meant as an answer. */
function typedAhead(input: ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      input.off('data', onData).pause();
      resolve(text);
    };
    const timer = setTimeout(end, silenceMs);
    const onData = (chunk: Buffer | string): void => {
      text += chunk.toString();
      timer.refresh();
    };
    signal.addEventListener('abort', end, { once: true });
    input.on('data', onData).resume();
  });
}

interface ReadLineOptions extends Omit<AskOptions, 'stdin'> {
  readonly input: ReadStream;
}

async function readLine(prompt: string, { signal, input, output, interrupt }: ReadLineOptions): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  try {
    return await new Promise<string | undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
      lines.once('SIGINT', () => {
        interrupt();
        resolve(undefined);
      });
      lines.once('close', () => resolve(undefined));
      lines.once('line', resolve);
      lines.setPrompt(prompt);
      lines.prompt();
    });
  } finally {
    lines.close();
  }
}
