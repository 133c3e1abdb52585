import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { ToolChunk, ToolContext } from '@kw/agent';
import { defineTool } from '../src/define-tool.ts';

const context: ToolContext = {
  callId: 'c1',
  signal: new AbortController().signal,
  timeoutMs: 1000,
  outputs: { info: async () => undefined, async *lines() {} },
};

const greet = defineTool({
  name: 'greet',
  description: 'Greets somebody.',
  input: v.object({ name: v.pipe(v.string(), v.minLength(1)), times: v.optional(v.number(), 1) }),
  effect: 'read',
  run: ({ name, times }) => Array.from({ length: times }, () => `hello ${name}`).join('\n'),
});

async function run(argumentsJson: string, tool = greet): Promise<readonly ToolChunk[]> {
  const chunks: ToolChunk[] = [];
  for await (const chunk of tool.prepare(argumentsJson, {}).run(context)) chunks.push(chunk);
  return chunks;
}

describe('defineTool', () => {
  it('tells the model a JSON Schema of the arguments', () => {
    expect(greet.parameters).toMatchObject({ type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } });
  });

  it('runs with the parsed input, defaults included', async () => {
    expect(await run('{"name":"ann"}')).toEqual([
      { type: 'output', stream: 'stdout', text: 'hello ann' },
      { type: 'result', isError: false },
    ]);
  });

  it('tells the model what is wrong with its arguments', () => {
    expect(() => greet.prepare('{"name":""}', {})).toThrow(/greet: name: /);
    expect(() => greet.prepare('{', {})).toThrow('greet: the arguments are not valid JSON');
  });

  it('is asked unless it says what it does', () => {
    const tool = defineTool({ name: 'x', description: 'x', input: v.object({}), run: () => '' });
    expect(tool.prepare('{}', {}).effect).toBe('unknown');
    expect(greet.prepare('{"name":"a"}', {}).effect).toBe('read');
  });

  it('takes any Standard Schema, with its JSON Schema given or told by itself', async () => {
    const input = { '~standard': { version: 1 as const, vendor: 'own', validate: (value: unknown) => ({ value }) } };
    expect(() => defineTool({ name: 'y', description: 'y', input, run: () => '' })).toThrow(
      'y: a schema of own does not tell its JSON Schema; give it as "parameters"',
    );
    const tool = defineTool({ name: 'y', description: 'y', input, parameters: { type: 'object' }, run: (value) => value });
    expect(await run('{"a":1}', tool)).toEqual([
      { type: 'output', stream: 'stdout', text: '{\n  "a": 1\n}' },
      { type: 'result', isError: false },
    ]);
  });

  it('refuses names that vendors refuse', () => {
    expect(() => defineTool({ name: 'a.b', description: '', input: v.object({}), run: () => '' })).toThrow('the tool name "a.b" must be');
  });
});
