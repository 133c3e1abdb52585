import type { Key, Keyboard, Output } from '../host.ts';
import type { Style } from '../render/style.ts';
import { complete } from './complete.ts';
import type { Complete } from './complete.ts';
import { editKey, nameOf } from './edit-key.ts';
import { walkHistory } from './history.ts';
import { layoutOf } from './layout.ts';
import { bufferOf, insert } from './line-buffer.ts';
import { createPastes } from './pastes.ts';
import { createPlainScreen, createScreen } from './screen.ts';

/** How reading ended, told apart by `type`; `interrupt` is Ctrl-C, `end` Ctrl-D at an empty line or the signal, `closed` the end of the terminal. */
export type ReadLine =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'interrupt'; readonly text: string }
  | { readonly type: 'end' }
  | { readonly type: 'closed' };

/** Where lines are read. */
export interface EditorPorts {
  readonly keyboard: Keyboard;
  readonly output: Output;
  readonly style: Style;
  /** True for a terminal that knows no cursor (TERM=dumb). */
  readonly isDumb?: boolean;
}

/** How one line is read. */
export interface ReadLineOptions {
  /** Its last line is where is written; the lines before it are printed once. */
  readonly prompt: string;
  readonly signal: AbortSignal;
  /** Earlier lines, the latest last. */
  readonly history?: readonly string[];
  readonly complete?: Complete;
  /** Names a long paste, of which only the name is shown. */
  readonly pasteLabel?: (number: number, lines: number) => string;
  /** Text to print above for a key that means nothing to the line, such as Ctrl-O. */
  readonly above?: (key: string) => Promise<string | undefined>;
  /** Dim words where nothing is written yet. */
  readonly placeholder?: string;
}

/** Reads one line (or several, as one input) with editing, history, completion and pastes. */
export async function readLine({ keyboard, output, style, isDumb = false }: EditorPorts, options: ReadLineOptions): Promise<ReadLine> {
  const { signal, history = [], placeholder = '' } = isDumb ? { ...options, placeholder: '' } : options;
  if (signal.aborted) return { type: 'end' };
  const head = options.prompt.split('\n');
  const prompt = head.pop() ?? '';
  if (head.length > 0) output.write(`${head.join('\n')}\n`);
  const screen = isDumb ? createPlainScreen(output) : createScreen(output);
  const mode = (sequence: string): void => (isDumb ? undefined : output.write(sequence));
  const walk = walkHistory(history);
  const pastes = createPastes(options.pasteLabel);
  let buffer = bufferOf('');
  let killed = '';
  let below: readonly string[] = [];
  let search: { readonly wanted: string; readonly at: number } | undefined;
  let completing: AbortController | undefined;

  const draw = (): void => {
    const lead = search === undefined ? prompt : `${style.dim(`(search) ${search.wanted}:`)} `;
    const place = { cursor: buffer.cursor, prompt: lead, continuation: '  ', columns: output.columns() };
    const { rows, ...at } = layoutOf(buffer.text, place);
    const hint = buffer.text === '' && search === undefined && rows.length === 1 ? style.dim(placeholder) : '';
    screen.show({ rows: [...rows.slice(0, -1), `${rows.at(-1) ?? ''}${hint}`], ...at }, below);
  };
  const take = (text: string): void => {
    buffer = bufferOf(text);
  };

  /** Keys of the search through the history; false where the key ends it and is meant for the line. */
  const onSearchKey = (key: Key, name: string): boolean => {
    if (search === undefined) return false;
    if (name === 'ctrl-r') look(search.wanted, search.at + 1);
    else if (name === 'backspace') look(search.wanted.slice(0, -1), 0);
    else if (key.text !== '') look(search.wanted + key.text, 0);
    else {
      search = undefined;
      if (name === 'escape' || name === 'ctrl-g' || name === 'ctrl-c') return true;
      return false;
    }
    return true;
  };
  const look = (wanted: string, from: number): void => {
    const found = wanted === '' ? undefined : walk.find(wanted, from);
    search = { wanted, at: found?.at ?? Math.max(0, from - 1) };
    if (found !== undefined) take(found.line);
  };
  const onTab = async (): Promise<void> => {
    if (options.complete === undefined) return;
    completing = new AbortController();
    const { signal: left } = completing;
    const asked = buffer;
    const timer = setTimeout(() => {
      below = [style.dim('…')];
      draw();
    }, tellMs);
    left.addEventListener('abort', () => clearTimeout(timer), { once: true });
    const completion = await complete(options.complete, asked, { columns: output.columns(), signal: left });
    clearTimeout(timer);
    if (left.aborted || buffer !== asked) return;
    buffer = completion.buffer;
    below = completion.below.map((line) => style.dim(line));
    draw();
  };

  return new Promise<ReadLine>((resolve) => {
    const finish = (result: ReadLine): void => {
      completing?.abort();
      signal.removeEventListener('abort', onAbort);
      stop();
      mode(pasteModeOff);
      below = [];
      buffer = { ...buffer, cursor: buffer.text.length };
      draw();
      screen.leave();
      resolve(result);
    };
    const onAbort = (): void => finish({ type: 'end' });
    const onKey = (key: Key): void => {
      const name = nameOf(key);
      completing?.abort();
      if (name === 'resize' || name === 'continue') {
        if (name === 'continue') mode(pasteModeOn);
        draw();
        return;
      }
      if (name === 'suspend') {
        mode(pasteModeOff);
        screen.leave();
        return;
      }
      below = [];
      if (onSearchKey(key, name)) {
        draw();
        return;
      }
      if (name === 'paste') {
        buffer = insert(buffer, pastes.take(key.text));
      } else if (name === 'ctrl-c') {
        return finish({ type: 'interrupt', text: buffer.text });
      } else if (name === 'end-of-input') {
        return finish({ type: 'closed' });
      } else if (name === 'ctrl-d' && buffer.text === '') {
        return finish({ type: 'end' });
      } else if (name === 'tab') {
        void onTab();
        return;
      } else {
        const edit = editKey(buffer, key, killed);
        if (edit !== undefined) {
          buffer = edit.buffer;
          killed = edit.killed ?? killed;
        } else if (name === 'return') {
          return finish({ type: 'line', text: pastes.expand(buffer.text) });
        } else if (name === 'up' || name === 'ctrl-p') {
          take(walk.back(buffer.text) ?? buffer.text);
        } else if (name === 'down' || name === 'ctrl-n') {
          take(walk.forth() ?? buffer.text);
        } else if (name === 'ctrl-r') {
          search = { wanted: '', at: 0 };
        } else if (name === 'ctrl-l') {
          mode('\u001b[H\u001b[2J');
          screen.forget();
        } else if (options.above !== undefined) {
          void options.above(name).then((text) => {
            if (text === undefined) return;
            screen.clear();
            output.write(`${text}\n`);
            draw();
          });
          return;
        }
      }
      draw();
    };
    const stop = keyboard.listen(onKey);
    signal.addEventListener('abort', onAbort, { once: true });
    mode(pasteModeOn);
    draw();
  });
}

/** A completion that takes longer shows that it is under way; the next key leaves it. */
const tellMs = 300;

/** The terminal marks pastes, so that their newlines send nothing. */
const pasteModeOn = '\u001b[?2004h';
const pasteModeOff = '\u001b[?2004l';
