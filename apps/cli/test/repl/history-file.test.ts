import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHistory } from '../../src/commands/repl/history-file.ts';
import type { HistoryFile } from '../../src/commands/repl/history-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-history-'));
  path = join(folder, 'state/history');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Promise<HistoryFile> => openHistory({ path, isSecret: (line) => line.includes('sk-') });

describe('the history', () => {
  it('outlives the program, lines of several lines whole, readable by this user only', async () => {
    const first = await open();
    await first.add('why?');
    await first.add('one\ntwo');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await open()).lines()).toEqual(['why?', 'one\ntwo']);
  });

  it('keeps no secret, nothing twice in a row, and no long paste', async () => {
    const history = await open();
    for (const line of ['a', 'a', 'my key is sk-0123456789', 'x'.repeat(5_000), ' ', 'b']) await history.add(line);
    expect(history.lines()).toEqual(['a', 'b']);
    expect(await readFile(path, 'utf8')).toBe('"a"\n"b"\n');
  });

  it('stays bounded, and takes back what others may read', async () => {
    await (await open()).add('x');
    await writeFile(path, Array.from({ length: 2_500 }, (_, at) => `${JSON.stringify(`line ${at}`)}\n`).join(''));
    await chmod(path, 0o644);
    const history = await open();
    expect(history.lines()).toHaveLength(1_000);
    expect(history.lines().at(-1)).toBe('line 2499');
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(1_001);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('skips what is no line of its own', async () => {
    await (await open()).add('x');
    await writeFile(path, '"good"\n{broken\n7\n"also good"\n');
    expect((await open()).lines()).toEqual(['good', 'also good']);
  });

  it('is none where it cannot be written, and nothing fails', async () => {
    await writeFile(join(folder, 'file'), '');
    const history = await openHistory({ path: join(folder, 'file/history'), isSecret: () => false });
    await history.add('x');
    expect(history.lines()).toEqual(['x']);
  });
});
