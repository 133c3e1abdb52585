import type { ApprovalRequest, JsonObject } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { approveByElicitation } from '../../src/server/elicit.ts';

const request = (summary: string): ApprovalRequest => ({
  approvalId: 's.1',
  callId: 'c',
  tool: 'bash',
  arguments: '{}',
  parkable: true,
  summary,
  effect: 'write',
  traits: [],
  reasons: ['it writes'],
  fingerprint: 'f',
  expiresAt: 0,
});

/** What is decided where the client answers so, and what it was asked. */
async function decided(summary: string, answer: JsonObject): Promise<{ readonly yes: boolean; readonly asked: readonly JsonObject[] }> {
  const asked: JsonObject[] = [];
  const approve = approveByElicitation({
    signal: new AbortController().signal,
    notify: async () => undefined,
    ask: async (_method, params) => {
      asked.push(params);
      return answer;
    },
  });
  const said = await approve(request(summary), { signal: new AbortController().signal });
  return { yes: said === true || (typeof said === 'object' && said.decision === 'approve'), asked };
}

describe('a question to the person behind an MCP client', () => {
  it.each<JsonObject>([
    {},
    { action: 'ACCEPT' },
    { action: ['accept'] },
    { action: true },
    { accept: true },
    { action: 'decline', content: { approve: true } },
    { action: 'cancel', content: {} },
    { action: 'accept', content: { approve: false } },
    { content: { action: 'accept' } },
  ])('%j is no yes', async (answer) => {
    expect((await decided('touch x', answer)).yes).toBe(false);
  });

  it('an accepted form is one', async () => {
    expect((await decided('touch x', { action: 'accept', content: {} })).yes).toBe(true);
    expect((await decided('touch x', { action: 'accept' })).yes).toBe(true);
  });

  it('what is too long to be read is not asked: its end could be hidden, so it is no', async () => {
    const { yes, asked } = await decided(`echo ${'a'.repeat(100_000)}; rm -rf x`, { action: 'accept', content: {} });
    expect({ yes, asked: asked.length }).toEqual({ yes: false, asked: 0 });
    const lines = await decided(`${'\n'.repeat(2_000)}rm -rf x`, { action: 'accept', content: {} });
    expect({ yes: lines.yes, asked: lines.asked.length }).toEqual({ yes: false, asked: 0 });
  });
});
