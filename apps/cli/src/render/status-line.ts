import type { Output } from '../host.ts';
import { displayWidth, fitLine } from './display-width.ts';
import type { Style } from './style.ts';

/** One line at the bottom that says what is going on; it is gone before anything else is written. */
export interface StatusLine {
  /** Shows a text from now on, with a spinner, how far it is and the seconds since the text is shown. */
  show(text: string, detail?: string): void;
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
  let detail = '';
  let since = 0;
  let frame = 0;

  const draw = (): void => {
    const seconds = Math.floor((monotonic() - since) / 1000);
    const line = statusText(text, { detail, seconds, columns: output.columns() - 3 });
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
    show: (next, far = '') => {
      if (next !== text || timer === undefined) since = monotonic();
      text = next;
      detail = far;
      if (timer !== undefined) return;
      timer = setInterval(draw, frameMs);
      timer.unref();
    },
    clear,
  };
}

/** What is going on, how far it is and for how long, on one line: the seconds always fit, the detail has at most the half. */
export function statusText(
  text: string,
  { detail, seconds, columns }: { readonly detail: string; readonly seconds: number; readonly columns: number },
): string {
  const time = seconds > 0 ? ` ${seconds}s` : '';
  const room = columns - displayWidth(time);
  if (detail === '') return fitLine(text, room) + time;
  const far = ` · ${fitLine(detail, Math.max(Math.floor(room / 2), room - displayWidth(text) - 3))}`;
  return fitLine(text, room - displayWidth(far)) + far + time;
}
