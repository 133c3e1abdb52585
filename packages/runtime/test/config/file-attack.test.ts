import { isKwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/index.ts';

async function failureOf(text: string): Promise<unknown> {
  try {
    return await loadConfig({ env: {}, home: '/home/x', flags: {}, readFile: async () => ({ text, mode: 0o600 }) });
  } catch (error) {
    return error;
  }
}

const nine = (of: string): string => `[${`*${of},`.repeat(9)}]`;
const bomb = `a: &a [x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => `${name}: &${name} ${nine('abcdef'[at] ?? '')}`).join('\n')}\n`;

describe('a hostile configuration file', () => {
  it.each([
    ['an alias to nothing', 'model: x\nllm-provider: *nowhere\n', 2],
    ['a list that holds itself', 'rules: &a [*a]\n', 1],
    ['a map that holds itself', 'api-keys: &a { deepseek: *a }\n', 1],
    ['aliases of aliases', `${bomb}rules: ${nine('g')}\n`, undefined],
    ['lists in lists', '['.repeat(50_000), undefined],
    ['maps in maps', '{a: '.repeat(50_000), undefined],
    ['a key that is a cyclic alias', '? &a [*a]\n: b\n', undefined],
  ])('%s is an error that names the file', async (_, text, line) => {
    const failure = await failureOf(text);
    expect(failure).toSatisfy((error) => isKwError(error) || !(error instanceof Error));
    expect(isKwError(failure) ? failure.message : `config.yaml:`).toContain(`config.yaml:${line ?? ''}`);
  });

  it('aliases that people write are read', async () => {
    expect(await failureOf('rules: [&a { action: ask, tool: bash }, *a]\n')).toMatchObject({
      config: { rules: [{ tool: 'bash' }, { tool: 'bash' }] },
    });
  });
});
