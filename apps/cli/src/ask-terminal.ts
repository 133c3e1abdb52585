import type { Key, Keyboard } from './host.ts';
import { readLine } from './terminal/line-editor.ts';
import type { EditorPorts } from './terminal/line-editor.ts';

interface AskOptions extends EditorPorts {
  readonly signal: AbortSignal;
  /** Ctrl-C at the prompt. */
  readonly interrupt: () => void;
}

/** Asks one question on the terminal. What was typed before the question does not answer it. Undefined at the end of input and on abort. */
export async function ask(prompt: string, { signal, interrupt, ...ports }: AskOptions): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  if ((await typedAhead(ports.keyboard, signal)) === 'interrupt') {
    interrupt();
    return undefined;
  }
  const read = await readLine(ports, { prompt, signal });
  if (read.type === 'interrupt') interrupt();
  // The signal that tells of it comes a moment later, and decides.
  if (read.type === 'closed') await new Promise((done) => setTimeout(done, hangupMs));
  return read.type === 'line' ? read.text : undefined;
}

const hangupMs = 500;
/** Keys in the terminal's buffer arrive at once; silence for so long means that it is empty. */
const silenceMs = 50;

/** Takes away what is in the terminal's buffer, half a line included: it was not meant as an answer. */
function typedAhead(keyboard: Keyboard, signal: AbortSignal): Promise<'silence' | 'interrupt'> {
  return new Promise((resolve) => {
    const end = (result: 'silence' | 'interrupt'): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stop();
      resolve(result);
    };
    const onAbort = (): void => end('silence');
    const onKey = ({ name, ctrl }: Key): void => {
      if (ctrl && name === 'c') end('interrupt');
      else timer.refresh();
    };
    const timer = setTimeout(() => end('silence'), silenceMs);
    const stop = keyboard.listen(onKey);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
