import { describe, expect, it } from 'vitest';
import { editConfig } from '../../src/config/edit.ts';

describe('editConfig', () => {
  it('writes a new file', async () => {
    expect(await editConfig('', { values: { 'llm-provider': 'qwen', quiet: true }, apiKeys: { qwen: 'k' } })).toBe(
      'llm-provider: qwen\nquiet: true\napi-keys:\n  qwen: k\n',
    );
  });

  it('keeps comments, order, and keys in any spelling', async () => {
    const before = '# ours\nllmProvider: deepseek # the first\n\n# how far\npermissions: read-only\nmax_iterations: 5\n';
    expect(await editConfig(before, { values: { 'llm-provider': 'qwen', 'max-iterations': 9 } })).toBe(
      '# ours\nllmProvider: qwen # the first\n\n# how far\npermissions: read-only\nmax_iterations: 9\n',
    );
  });

  it('keeps a file that holds comments only', async () => {
    expect(await editConfig('# nothing yet\n', { values: { model: 'm' } })).toContain('# nothing yet\n');
  });

  it('takes a key out, and puts keys and addresses where they belong', async () => {
    expect(await editConfig('context: dev\nqwen-api-key: old\n', { values: { context: undefined }, apiKeys: { qwen: 'new' } })).toBe(
      'qwen-api-key: new\n',
    );
    expect(await editConfig('', { values: {}, addresses: { vllm: 'http://gpu:8000/v1' } })).toBe(
      'providers:\n  vllm:\n    base-url: http://gpu:8000/v1\n',
    );
  });

  it('refuses what is no map', async () => {
    await expect(editConfig('- a\n', { values: {} })).rejects.toThrow('map');
    await expect(editConfig('a: [\n', { values: {} })).rejects.toThrow('YAML');
  });
});
