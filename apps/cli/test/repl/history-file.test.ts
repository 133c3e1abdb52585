import { chmod, link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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
  refused = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let refused: string[] = [];
const open = (): Promise<HistoryFile> =>
  openHistory({
    path,
    isSecret: (line) => line.includes('sk-'),
    userId: process.getuid?.(),
    onRefused: ({ message }) => refused.push(message),
  });

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

  it.each(['symbolic', 'hard'] as const)('is not written through a %s link that somebody put there, and says so once', async (kind) => {
    const other = join(folder, 'other');
    await writeFile(other, '"of somebody else"\n', { mode: 0o644 });
    await mkdir(join(folder, 'state'));
    await (kind === 'hard' ? link : symlink)(other, path);
    const history = await open();
    expect(history.lines()).toEqual([]);
    await history.add('one');
    await history.add('two');
    expect(history.lines()).toEqual(['one', 'two']);
    expect(await readFile(other, 'utf8')).toBe('"of somebody else"\n');
    expect((await stat(other)).mode & 0o777).toBe(0o644);
    expect(refused).toEqual([expect.stringContaining(`${path} is not written to`)]);
  });

  it('replaces no file of others when it is made shorter', async () => {
    await (await open()).add('x');
    await writeFile(path, Array.from({ length: 2_500 }, (_, at) => `${JSON.stringify(`line ${at}`)}\n`).join(''));
    const other = join(folder, 'other');
    await writeFile(other, 'kept');
    await symlink(other, `${path}.new`);
    expect((await open()).lines()).toHaveLength(1_000);
    expect(await readFile(other, 'utf8')).toBe('kept');
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(1_001);
  });

  it('is none where it cannot be written, and nothing fails', async () => {
    await writeFile(join(folder, 'file'), '');
    path = join(folder, 'file/history');
    const history = await open();
    await history.add('x');
    expect(history.lines()).toEqual(['x']);
    expect(refused).toEqual([]);
  });
});
