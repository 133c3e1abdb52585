import { PassThrough } from 'node:stream';
import type { Key, Keyboard, Output } from '../../src/host.ts';
import { createStyle } from '../../src/render/style.ts';
import { decodeKeys } from '../../src/terminal/decode-keys.ts';
import { readLine } from '../../src/terminal/line-editor.ts';
import type { ReadLine, ReadLineOptions } from '../../src/terminal/line-editor.ts';
import { screenOf } from '../screen.ts';

/** A person in front of the editor. */
export interface Typist {
  /** Types bytes, as a terminal sends them. */
  readonly type: (bytes: string) => Promise<void>;
  readonly key: (key: Partial<Key>) => void;
  readonly screen: () => readonly string[];
  readonly bytes: () => string;
  readonly read: Promise<ReadLine>;
  readonly leave: () => void;
}

/** Opens the editor on a terminal of so many columns. */
export function edit(
  options: Partial<ReadLineOptions> & { readonly columns?: number; readonly rows?: number; readonly isDumb?: boolean } = {},
): Typist {
  const { columns = 60, rows = 24, isDumb = false, ...rest } = options;
  let bytes = '';
  const output: Output = {
    write: (text) => {
      bytes += text;
    },
    drained: async () => undefined,
    isTTY: true,
    columns: () => columns,
    rows: () => rows,
  };
  const keyboard = createKeyboard();
  const stop = new AbortController();
  const read = readLine({ keyboard, output, style: createStyle(false), isDumb }, { prompt: '> ', signal: stop.signal, ...rest });
  return {
    type: keyboard.type,
    key: keyboard.key,
    screen: () => screenOf(bytes.replaceAll(/\[\?2004[hl]/g, ''), columns).map((line) => line.trimEnd()),
    bytes: () => bytes,
    read,
    leave: () => stop.abort(),
  };
}

function createKeyboard(): Keyboard & Pick<Typist, 'type' | 'key'> {
  let listener: (key: Key) => void = () => undefined;
  const stream = new PassThrough();
  decodeKeys(stream, (key) => listener(key));
  return {
    listen: (next) => {
      listener = next;
      return () => {
        listener = () => undefined;
      };
    },
    unread: () => undefined,
    close: () => undefined,
    key: (key) => listener({ name: '', text: '', ctrl: false, meta: false, ...key }),
    type: async (bytes) => {
      stream.write(bytes);
      await new Promise((done) => setImmediate(done));
    },
  };
}
