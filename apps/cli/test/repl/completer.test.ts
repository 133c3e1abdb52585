import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCached } from '../../src/commands/repl/cached.ts';
import { createCompleter } from '../../src/commands/repl/completer.ts';
import type { ClusterWords } from '../../src/commands/repl/cluster-words.ts';
import { wordAt } from '../../src/commands/repl/word-at.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-completer-'));
  await mkdir(join(home, 'manifests'));
  for (const name of ['web.yaml', 'worker.yaml', '.hidden']) await writeFile(join(home, name), '');
});
afterAll(() => rm(home, { recursive: true, force: true }));

const cluster: ClusterWords = {
  kinds: async () => ['pods', 'pod', 'po', 'deployments', 'deployment', 'deploy', 'statefulsets', 'statefulset', 'sts'],
  namespaces: async () => ['default', 'shop', 'shop-canary'],
  names: async (kind, namespace) =>
    ['pod', 'pods', 'po'].includes(kind) ? (namespace === 'shop-canary' ? ['web-canary-1'] : ['web-1', 'web-2', 'worker-1']) : undefined,
  common: async () => ['checkout', 'web', 'web-1'],
  close: async () => undefined,
};

async function complete(text: string, words: ClusterWords = cluster): Promise<readonly string[]> {
  const find = createCompleter({
    home,
    cluster: words,
    models: async () => ['deepseek-chat', 'deepseek-reasoner'],
    sessions: async () => ['session_11', 'session_12'],
  });
  const { from, words: found } = await find(text, text.length, new AbortController().signal);
  return found.map((word) => text.slice(0, from) + word);
}

describe('completion', () => {
  it.each([
    ['/sta', ['/status']],
    ['sta', ['statefulset', 'statefulsets', 'status']],
    ['model deepseek-r', ['model deepseek-reasoner']],
    ['resume l', ['resume latest']],
    ['resume session_1', ['resume session_11', 'resume session_12']],
    ['get deploy', ['get deploy', 'get deployment', 'get deployments']],
    ['why is check', ['why is checkout']],
    ['why is web-', ['why is web-1']],
    ['describe pod web', ['describe pod web-1', 'describe pod web-2']],
    ['describe pod/web-', ['describe pod/web-1', 'describe pod/web-2']],
    ['pods -n sh', ['pods -n shop', 'pods -n shop-canary']],
    ['pods --namespace=shop-', ['pods --namespace=shop-canary']],
    ['-n shop-canary pod web', ['-n shop-canary pod web-canary-1']],
    ['what is in namespace sh', ['what is in namespace shop', 'what is in namespace shop-canary']],
    ['w', []],
    ['why', []],
  ])('of %s', async (text, expected) => {
    expect(await complete(text)).toEqual(expected);
  });

  it('of files, after @ and of paths', async () => {
    expect(await complete('apply @~/w')).toEqual(['apply @~/web.yaml', 'apply @~/worker.yaml']);
    expect(await complete('see ~/man')).toEqual(['see ~/manifests/']);
    expect(await complete(`see ${home}/.h`)).toEqual([`see ${home}/.hidden`]);
    expect(await complete('see ./no-such-folder/x')).toEqual([]);
  });

  it('is silent where the cluster does not answer', async () => {
    const broken = { ...cluster, names: () => Promise.reject(new Error('connection refused')) };
    expect(await complete('pod web', broken)).toEqual([]);
  });
});

describe('wordAt', () => {
  it('sees the word before the cursor, not the one after it', () => {
    expect(wordAt('describe po web', 11)).toMatchObject({ type: 'name', word: 'po', from: 9 });
  });
});

describe('a cache of slow lists', () => {
  it('waits a moment, then has the answer the next time, and asks once a minute', async () => {
    let now = 0;
    let asked = 0;
    let answer: (words: readonly string[]) => void = () => undefined;
    const cached = createCached({ monotonic: () => now, waitMs: 5 });
    const load = (): Promise<readonly string[]> => {
      asked += 1;
      return new Promise((resolve) => (answer = resolve));
    };
    expect(await cached.get('pods', load)).toEqual([]);
    answer(['web-1']);
    expect(await cached.get('pods', load)).toEqual(['web-1']);
    expect(asked).toBe(1);
    now = 61_000;
    expect(await cached.get('pods', load)).toEqual(['web-1']);
    expect(asked).toBe(2);
  });

  it('gives nothing on failure, and does not ask again at once', async () => {
    let asked = 0;
    const cached = createCached({ monotonic: () => 0 });
    const load = (): Promise<readonly string[]> => {
      asked += 1;
      return Promise.reject(new Error('forbidden'));
    };
    expect(await cached.get('secrets', load)).toEqual([]);
    expect(await cached.get('secrets', load)).toEqual([]);
    expect(asked).toBe(1);
  });
});
