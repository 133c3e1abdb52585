import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/commands/completion/complete.ts';
import { completionScript } from '../../../src/commands/completion/scripts.ts';
import { createCompleter } from '../../../src/commands/repl/completer.ts';

const names = [
  'ok',
  'steers\u001b[31m',
  'two\n:files',
  'tab\tmeaning',
  'turned\u202e',
  '$(touch pwned)',
  '`touch pwned`',
  "';touch pwned;'",
  'a;touch pwned',
];

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-complete-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const env = (): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', HOME: home });

describe('completion of names that strangers chose', () => {
  it('offers no word that is several, or steers the terminal, and no meaning that does', () => {
    expect(linesOf(names.map((value) => ({ value })))).toEqual(['ok', ...names.slice(5)]);
    expect(linesOf([{ value: 's', meaning: 'a\u001b[2J\u009b1mb\n:files\tc\u202e' }])).toEqual(['s\ta\\x1b[2J\\x9b1mb :files c\\u202e']);
  });

  it('runs nothing in bash, and puts in words that are quoted', async () => {
    const lines = ['$(touch pwned)', '`touch pwned`', "';touch pwned;'", 'a;touch${IFS}pwned'];
    await writeFile(join(home, 'lines'), lines.map((line) => `${line}\n`).join(''));
    const script = [
      completionScript('bash'),
      `kw() { cat ${home}/lines; }`,
      'COMP_WORDS=(kw --model ""); COMP_CWORD=2; _kubelet_wuhrai 2>/dev/null',
      // What bash would put into the command line is run as it stands there.
      'for each in "${COMPREPLY[@]}"; do eval "printf \'%s\\n\' $each"; done',
    ].join('\n');
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], { env: env(), cwd: home });
    expect(stdout.split('\n').slice(0, -1)).toEqual(lines);
    await expect(promisify(execFile)('ls', [join(home, 'pwned')])).rejects.toThrow('pwned');
  });

  it('offers no model or session in a conversation that steers the terminal', async () => {
    const find = createCompleter({
      home,
      cluster: {
        kinds: async () => [],
        namespaces: async () => [],
        names: async () => undefined,
        common: async () => [],
        close: async () => undefined,
      },
      models: async () => ['model-a', 'model-b\u001b]52;c;aGk=\u0007', 'model-c\nexit', 'model-d\u202e'],
      sessions: async () => [],
    });
    expect((await find('model mod', 9, new AbortController().signal)).words).toEqual(['model-a']);
  });
});
