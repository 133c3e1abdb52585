import { createExecutor, createRedactor, decide } from '@kw/agent';
import { mcpTools } from '@kw/mcp';
import { describe, expect, it } from 'vitest';
import { resultText } from '../../src/tools/result-text.ts';
import { fakeServer, manager } from '../managers.ts';

describe('tools of servers in runs', () => {
  it('are named server__tool, never like a built-in and never twice', async () => {
    const made = manager(
      [
        fakeServer('a', [], { prefix: false }),
        fakeServer('b', [], { prefix: false }),
        fakeServer('c.d'),
        fakeServer('a-very-long-name-of-a-server-that-nobody-would-ever-give-to-one'),
      ],
      { reserved: new Set(['echo', 'c_d__env']) },
    );
    await made.settled(5_000);
    const { tools, renamed } = made.tools();
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['a__echo', 'env', 'b__env', 'c_d__echo', 'c_d__env_2']));
    expect(names.every((name) => /^[\w-]{1,64}$/.test(name) && name !== 'echo')).toBe(true);
    expect(renamed.join()).toContain('c.d__echo is called c_d__echo here');
  });

  it('include and exclude choose them', async () => {
    const made = manager([fakeServer('a', [], { include: ['e*', 'slow'], exclude: ['env'] })]);
    await made.settled(5_000);
    expect(made.tools().tools.map(({ original }) => original)).toEqual(['echo', 'slow']);
  });

  it('are unknown to the policy, which asks, also where permissions are skipped; a rule allows', async () => {
    const made = manager([fakeServer('a')]);
    await made.settled(5_000);
    const [tool] = mcpTools(made);
    const invocation = tool?.prepare('{"text":"x"}', {});
    expect(invocation).toMatchObject({ effect: 'unknown', summary: 'a__echo {"text":"x"}' });
    const call = { tool: 'a__echo', effect: 'unknown', traits: [], subject: {} } as const;
    for (const mode of ['ask-writes', 'ask-all', 'auto'] as const) expect(decide({ mode, rules: [] }, call).verdict).toBe('ask');
    expect(decide({ mode: 'read-only', rules: [] }, call).verdict).toBe('deny');
    expect(decide({ mode: 'ask-writes', rules: [{ action: 'allow', tool: 'a__*' }] }, call).verdict).toBe('allow');
    expect(
      createExecutor().judge(
        { type: 'tool-call', id: '1', name: 'a__echo', arguments: '[]' },
        { tools: new Map(tool === undefined ? [] : [[tool.name, tool]]), policy: { mode: 'auto', rules: [] } },
      ),
    ).toMatchObject({ type: 'not-understood' });
  });

  it('a result is text or structure, never both; every item is there; binary is named', () => {
    expect(resultText({ content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } })).toBe('{"a":1}');
    expect(resultText({ content: [], structuredContent: { a: 1 } })).toBe('{"a":1}');
    expect(
      resultText({
        content: [
          { type: 'text', text: 'one' },
          { type: 'image', data: 'AAAA', mimeType: 'image/png' },
          { type: 'resource_link', uri: 'file:///x', name: 'x' },
          { type: 'resource', resource: { uri: 'y', text: 'two' } },
        ],
      }),
    ).toBe('one\n[image image/png, 3 B]\n[resource file:///x (x)]\ntwo');
  });
});

describe('relayed results', () => {
  it('keep their structure; texts are redacted, pictures stay', async () => {
    const { redactedResult } = await import('../../src/server/relay-tools.ts');
    const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
    const picture = Buffer.from(`{"password":"${secret}"}`).toString('base64');
    const result = redactedResult(
      {
        content: [
          { type: 'text', text: `token ${secret}`, annotations: { priority: 0.5 } },
          { type: 'image', data: picture, mimeType: 'image/png' },
          { type: 'resource', resource: { uri: 'x', blob: picture } },
        ],
        structuredContent: { deep: { list: [1, null, `x ${secret}`] } },
        _meta: { 'example.com/key': true },
      },
      createRedactor(),
    );
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(result).toMatchObject({
      content: [{ type: 'text', annotations: { priority: 0.5 } }, { data: picture }, { resource: { blob: picture } }],
      structuredContent: { deep: { list: [1, null, expect.stringContaining('x ')] } },
      _meta: { 'example.com/key': true },
    });
  });
});
