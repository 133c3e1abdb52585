import { describe, expect, it } from 'vitest';
import { edit } from './keys.ts';

const escape = '\u001b';
const up = `${escape}[A`;
const down = `${escape}[B`;
const left = `${escape}[D`;
const home = `${escape}[H`;
const pasted = (text: string): string => `${escape}[200~${text}${escape}[201~`;
const pasteLabel = (number: number, lines: number): string => `[paste ${number}: ${lines} lines]`;

async function lineOf(bytes: string, options: Parameters<typeof edit>[0] = {}): Promise<string> {
  const typist = edit(options);
  await typist.type(bytes);
  const read = await typist.read;
  return read.type === 'line' ? read.text : `(${read.type})`;
}

describe('readLine', () => {
  it('gives what was typed at Enter', async () => {
    expect(await lineOf('get pods\r')).toBe('get pods');
    expect(await lineOf('订单 服务 🙂\r')).toBe('订单 服务 🙂');
  });

  it.each([
    ['Ctrl-A and Ctrl-K', 'pods\u0001get \u000b\r', 'get '],
    ['Home', `pods${home}get \r`, 'get pods'],
    ['Left over a character of several units', `a👨‍👩‍👧b${left}${left}X\r`, 'aX👨‍👩‍👧b'],
    ['Backspace over a character of several units', 'a👨‍👩‍👧\u007fb\r', 'ab'],
    ['Ctrl-W and Ctrl-Y', 'get pods\u0017\u0019\u0019\r', 'get podspods'],
    ['Ctrl-U', 'wrong\u0015right\r', 'right'],
    ['Alt-B and Alt-D', `one two three${escape}b${escape}b${escape}d\r`, 'one  three'],
    ['Ctrl-D inside of a line', `ab${home}\u0004\r`, 'b'],
    ['Ctrl-C, whatever was typed', 'x\u0003', '(interrupt)'],
    ['Ctrl-D at an empty line', '\u0004', '(end)'],
  ])('%s', async (_name, bytes, expected) => {
    expect(await lineOf(bytes)).toBe(expected);
  });

  it.each([
    ['Alt-Enter', `one${escape}\rtwo\r`],
    ['Ctrl-J', 'one\ntwo\r'],
    ['a backslash at the end', 'one\\\rtwo\r'],
    ['a paste of several lines', `${pasted('one\r\ntwo\r\n')}\r`],
  ])('%s makes a second line of the same input', async (_name, bytes) => {
    expect(await lineOf(bytes)).toBe('one\ntwo');
  });

  it('a backslash that is escaped ends nothing', async () => {
    expect(await lineOf('C:\\\\\r')).toBe('C:\\\\');
  });

  it('a long paste stands there by its name and is sent whole', async () => {
    const text = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n');
    const typist = edit({ pasteLabel });
    await typist.type(`why? ${pasted(text)}`);
    expect(typist.screen()).toEqual(['> why? [paste 1: 40 lines]']);
    await typist.type('\r');
    expect(await typist.read).toEqual({ type: 'line', text: `why? ${text}` });
  });

  it('what a paste would do to the terminal is taken out of it', async () => {
    expect(await lineOf(`${pasted(`a${escape}[31mred${escape}[0m\u0007b`)}\r`)).toBe('aredb');
  });

  it('walks through earlier lines and comes back to the one being written', async () => {
    const history = ['first', 'second'];
    expect(await lineOf(`dra${up}${up}\r`, { history })).toBe('first');
    expect(await lineOf(`dra${up}${up}${up}${down}${down}ft\r`, { history })).toBe('draft');
  });

  it('Up moves inside of several lines before it walks', async () => {
    expect(await lineOf(`one\ntwo${up}X\r`, { history: ['old'] })).toBe('oneX\ntwo');
  });

  it('Ctrl-R searches, again goes further back, Ctrl-C ends the search alone', async () => {
    const history = ['get pods -n shop', 'describe node', 'get pods -n web'];
    expect(await lineOf('\u0012pods\r', { history })).toBe('get pods -n web');
    expect(await lineOf('\u0012pods\u0012\r', { history })).toBe('get pods -n shop');
    expect(await lineOf('\u0012node\u0003!\r', { history })).toBe('describe node!');
  });

  it('wraps a line that is longer than the terminal and puts the cursor in its place', async () => {
    const typist = edit({ columns: 20 });
    await typist.type(`${'a'.repeat(30)}${home}X`);
    expect(typist.screen()).toEqual([`> X${'a'.repeat(16)}`, 'a'.repeat(14)]);
    await typist.type('\r');
    expect(await typist.read).toEqual({ type: 'line', text: `X${'a'.repeat(30)}` });
  });

  it('leaves words whole where they fit into a row', async () => {
    const typist = edit({ columns: 20 });
    await typist.type('why is payments failing? /a/very/long/path/of/a/file');
    expect(typist.screen()).toEqual(['> why is payments', 'failing? /a/very/lo', 'ng/path/of/a/file']);
  });

  it('shows the end of what is longer than the whole terminal', async () => {
    const typist = edit({ rows: 5 });
    await typist.type(Array.from({ length: 30 }, (_, at) => `line ${at}`).join('\n'));
    expect(typist.screen().slice(-4)).toEqual(['  line 26', '  line 27', '  line 28', '  line 29']);
  });

  it('prints the lines of a prompt once', async () => {
    const typist = edit({ prompt: 'y = run it\nn = do not\n> ' });
    await typist.type('ye');
    expect(typist.screen()).toEqual(['y = run it', 'n = do not', '> ye']);
  });

  it('draws itself again when the terminal becomes another one', async () => {
    const typist = edit();
    await typist.type('pods');
    typist.key({ name: 'resize' });
    expect(typist.screen()).toEqual(['> pods']);
  });

  it('sends no sequences to a terminal that knows none', async () => {
    const typist = edit({ isDumb: true });
    await typist.type('gat\u007f\u007fet pods\r');
    expect(await typist.read).toEqual({ type: 'line', text: 'get pods' });
    expect(typist.bytes()).not.toContain(escape);
    expect(typist.bytes().endsWith('> get pods\n')).toBe(true);
  });

  it('ends with the signal', async () => {
    const typist = edit();
    typist.leave();
    expect(await typist.read).toEqual({ type: 'end' });
  });

  it('prints above the line what a key asks for', async () => {
    const typist = edit({ above: (key) => Promise.resolve(key === 'ctrl-o' ? '#1 kubectl get pods' : undefined) });
    await typist.type('why');
    await typist.type('\u000f');
    expect(typist.screen()).toEqual(['#1 kubectl get pods', '> why']);
  });
});

describe('Tab', () => {
  const words = ['deployment', 'deployments', 'describe', 'pods'];
  const complete: NonNullable<Parameters<typeof edit>[0]>['complete'] = (text, cursor) => {
    const from = text.lastIndexOf(' ', cursor - 1) + 1;
    return Promise.resolve({ from, words: words.filter((word) => word.startsWith(text.slice(from, cursor))) });
  };

  it('completes the only candidate, with a space', async () => {
    const typist = edit({ complete });
    await typist.type('get po\t');
    await typist.type('-A\r');
    expect(await typist.read).toEqual({ type: 'line', text: 'get pods -A' });
  });

  it('completes as far as candidates agree and shows them until the next key', async () => {
    const typist = edit({ complete });
    await typist.type('dep\t');
    expect(typist.screen()).toEqual(['> deployment', 'deployment   deployments']);
    await typist.type('s');
    expect(typist.screen()).toEqual(['> deployments']);
  });

  it('leaves the line alone where nothing fits', async () => {
    const typist = edit({ complete });
    await typist.type('xyz\t');
    await typist.type('\r');
    expect(await typist.read).toEqual({ type: 'line', text: 'xyz' });
  });

  it('a key that is typed meanwhile is not lost', async () => {
    let answer: (words: { from: number; words: readonly string[] }) => void = () => undefined;
    const slow: typeof complete = () => new Promise((resolve) => (answer = resolve));
    const typist = edit({ complete: slow });
    await typist.type('po\t');
    await typist.type('x');
    answer({ from: 0, words: ['pods'] });
    await typist.type('\r');
    expect(await typist.read).toEqual({ type: 'line', text: 'pox' });
  });
});
