import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isKwError } from '@kw/providers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseToolsFile } from '../src/custom-tools/parse-file.ts';
import { loadCustomTools } from '../src/custom-tools.ts';
import type { CustomTools } from '../src/custom-tools.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-tools-'));
  await mkdir(join(folder, 'tools.d'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tool = (name: string, rest = ''): string => `- name: ${name}\n  description: d\n  command: ${name}\n${rest}`;
const load = (env: Readonly<Record<string, string>> = {}): Promise<CustomTools> =>
  loadCustomTools({ toolsConfig: [], configDirectory: folder }, { env, taken: [], apiKeys: ['sk-model-0123456789'] });

describe('files of custom tools', () => {
  it('a folder of them that leads back to itself, and a pipe in it, hold nothing up', async () => {
    const place = join(folder, 'tools.d');
    await writeFile(join(place, 'a.yaml'), tool('a'));
    await symlink(place, join(place, 'one.yaml'));
    await symlink(place, join(place, 'two.yaml'));
    await promisify(execFile)('mkfifo', [join(place, 'pipe.yaml')]);
    expect((await load()).specs.map(({ name }) => name)).toEqual(['a']);
  });

  it('a key of a model service reaches no tool inside of other words', async () => {
    await writeFile(join(folder, 'tools.yaml'), tool('a', '  env: { HEADER: "Bearer ${OPENAI_API_KEY}" }\n'));
    await expect(load({ OPENAI_API_KEY: 'sk-model-0123456789' })).rejects.toThrow('HEADER holds the key of a model service');
  });

  it.each(['KUBECONFIG', 'KUBERC', 'HELM_KUBECONTEXT', 'HELM_KUBEAPISERVER', 'HELM_KUBETOKEN'])(
    '%s cannot move a tool to another cluster',
    (name) => {
      expect(() => parseToolsFile(tool('a', `  env: { ${name}: x }\n`), 'tools.yaml')).toThrow(`${name} can not be set`);
    },
  );

  it.each([
    ['deep lists', '['.repeat(50_000)],
    ['deep maps', '{a: '.repeat(50_000)],
    ['deep blocks', '- '.repeat(50_000)],
    [
      'anchors of anchors',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at] ?? ''},`.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['a list that holds itself', '&a [*a]'],
    ['a tool that is an alias', `- &a {name: a, description: d, command: a}\n- *a\n`],
    ['a merge key', `- <<: {name: a}\n  description: d\n  command: a\n`],
    ['a key that is a map', `- {name: a}: b\n`],
    ['a tag', `- !!js/function {name: a}\n`],
    ['binary', '\0\u0001\u{feff}'],
    ['prototype', `- __proto__: {name: a}\n`],
  ])('refuses %s in words and in time', (_, text) => {
    const before = performance.now();
    let failure: unknown;
    try {
      parseToolsFile(text, 'tools.yaml');
    } catch (error) {
      failure = error;
    }
    expect(failure).toSatisfy(isKwError);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
