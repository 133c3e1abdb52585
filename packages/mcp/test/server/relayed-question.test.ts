import { createRedactor } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { relayedQuestion } from '../../src/server/relayed-question.ts';

const redactor = createRedactor({ secrets: () => ['hunter2-hunter2'] });

describe('what a server behind asks', () => {
  it('bears its name, shows what hides and no secret, and keeps its fields', () => {
    const requestedSchema = { type: 'object', properties: { password: { type: 'string', default: 'x' } } };
    const params = { mode: 'form', message: 'Is \u202Ehunter2-hunter2 right?', requestedSchema };
    expect(relayedQuestion('tickets', { method: 'elicitation/create', params, redactor })).toEqual({
      mode: 'form',
      message: expect.stringMatching(/^MCP server "tickets" asks: Is \\u\{202e\}(?!hunter2).* right\?$/),
      requestedSchema,
    });
  });

  it('is not changed where it is not for a person', () => {
    const params = { messages: [{ role: 'user', content: { type: 'text', text: 'Say hello.' } }], maxTokens: 10 };
    expect(relayedQuestion('tickets', { method: 'sampling/createMessage', params, redactor })).toEqual(params);
  });
});
