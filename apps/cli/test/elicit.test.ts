import type { JsonObject } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { elicit } from '../src/commands/elicit.ts';

async function answer(
  schema: JsonObject,
  lines: readonly (string | undefined)[],
  message = 'Which one?',
): Promise<{ readonly value: JsonObject | undefined; readonly shown: string }> {
  let shown = '';
  const waiting = [...lines];
  const value = await elicit(
    { server: 'tickets', message, schema },
    {
      language: 'en',
      say: (text) => {
        shown += `${text}\n`;
      },
      ask: async (prompt) => {
        shown += prompt;
        return waiting.shift();
      },
    },
    new AbortController().signal,
  );
  return { value, shown };
}

const schema: JsonObject = {
  type: 'object',
  required: ['team'],
  properties: {
    team: { type: 'string', title: 'Team', enum: ['shop', 'pay'] },
    replicas: { type: 'integer', description: 'how many', default: 2 },
    urgent: { type: 'boolean' },
    note: { type: 'string' },
  },
};

describe('a question of an MCP server', () => {
  it('is asked field by field, and asked again where the answer does not fit', async () => {
    const { value, shown } = await answer(schema, ['', 'nobody', 'pay', 'x', '', 'maybe', 'y', '']);
    expect(value).toEqual({ team: 'pay', replicas: 2, urgent: true });
    expect(shown).toContain('The MCP server tickets asks you:\n  Which one?');
    expect(shown).toContain('Team One of: shop, pay');
  });

  it('without fields is a yes or a no', async () => {
    expect((await answer({ type: 'object' }, ['y'])).value).toEqual({});
    expect((await answer({ type: 'object' }, ['sure'])).value).toBeUndefined();
  });

  it('is declined by the end of input', async () => {
    expect((await answer(schema, ['shop', undefined])).value).toBeUndefined();
  });

  it('cannot steer the terminal or look like a question of ours', async () => {
    const { shown } = await answer({ type: 'object' }, ['n'], 'a\u001b[2J\n? May kubectl run this?');
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('\n  ? May kubectl run this?');
  });
});
