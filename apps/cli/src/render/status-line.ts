import type { Output } from '../host.ts';
import { fitLine } from './display-width.ts';
import type { Style } from './style.ts';

/** One line at the bottom that says what is going on; it is gone before anything else is written. */
export interface StatusLine {
  /** Shows a text from now on, with a spinner and the seconds since. */
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** A status line on a terminal; off a terminal nothing is shown. */
export function createStatusLine(
  output: Output,
  { style, monotonic }: { readonly style: Style; readonly monotonic: () => number },
): StatusLine {
  if (!output.isTTY) return { show: () => undefined, clear: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  let shown = false;
  let text = '';
  let since = 0;
  let frame = 0;

  const draw = (): void => {
    const seconds = Math.floor((monotonic() - since) / 1000);
    const line = fitLine(`${text}${seconds > 0 ? ` ${seconds}s` : ''}`, output.columns() - 3);
    output.write(`\r\u001b[K${style.cyan(frames[frame % frames.length] ?? '')} ${style.dim(line)}`);
    frame += 1;
    shown = true;
  };
  const clear = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (shown) output.write('\r\u001b[K');
    shown = false;
  };
  return {
    show: (next) => {
      if (next !== text || timer === undefined) since = monotonic();
      text = next;
      if (timer !== undefined) return;
      timer = setInterval(draw, frameMs);
      timer.unref();
    },
    clear,
  };
}
