import { describe, expect, it } from 'vitest';
import { findPreset } from '@kw/runtime';
import { parseArguments } from '../src/args.ts';
import type { CommandLine } from '../src/args.ts';
import { withEndpoint } from '../src/endpoint.ts';

const read = (...argv: readonly string[]): Pick<CommandLine, 'words' | 'flags'> => {
  const { words, flags } = withEndpoint(parseArguments(argv), (scheme) => findPreset(scheme) !== undefined);
  return { words, flags };
};

describe('withEndpoint', () => {
  it('S29: a lone positional vllm://host is the endpoint, and flags may follow it', () => {
    expect(read('--llm-provider=vllm', 'vllm://your-server:8000', '--model=your-model')).toEqual({
      words: [],
      flags: { 'llm-provider': 'vllm://your-server:8000', model: 'your-model' },
    });
    expect(read('VLLM://gpu-box:8000/v1')).toEqual({ words: [], flags: { 'llm-provider': 'vllm://gpu-box:8000/v1' } });
  });

  it.each([['https://example.com is down, why?'], ['https://example.com'], ['vllm:// what is it?'], ['what is vllm://x:1?']])(
    'S29: %s is a question',
    (word) => {
      expect(read(word)).toEqual({ words: [word], flags: {} });
    },
  );

  it('refuses an endpoint of another provider than the flag names', () => {
    expect(() => read('--llm-provider=qwen', 'vllm://gpu-box:8000')).toThrow('two providers');
  });
});
