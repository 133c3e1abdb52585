import { describe, expect, it } from 'vitest';
import { basicSchema } from '../src/basic-schema.ts';
import { createChatModel, type ToolSpec } from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { events, json, serveBytes } from './byte-server.ts';
import { hello } from './support.ts';

describe('the basic schema', () => {
  it('leaves out what Google does not know, at every depth, and keeps properties of that name', () => {
    expect(
      basicSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          $schema: { type: 'string', const: 'x', examples: ['x'] },
          list: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { pattern: 'a' } } },
          either: { oneOf: [{ type: 'string' }, { type: 'integer', exclusiveMinimum: 0 }] },
          maybe: { type: ['string', 'null'], description: 'or nothing' },
          many: { type: ['string', 'integer'] },
          count: { type: 'integer', enum: [1, 2] },
          anything: true,
        },
        required: ['list'],
        additionalProperties: false,
        $defs: { a: { type: 'string' } },
      }),
    ).toEqual({
      type: 'object',
      properties: {
        $schema: { type: 'string', enum: ['x'] },
        list: { type: 'array', items: { type: 'object' } },
        either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        maybe: { type: 'string', nullable: true, description: 'or nothing' },
        many: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
        count: { type: 'integer' },
        anything: {},
      },
      required: ['list'],
    });
  });

  const tool: ToolSpec = {
    name: 'kubectl',
    description: 'runs kubectl',
    parameters: { $schema: 'x', type: 'object', properties: { command: { type: 'string' } }, additionalProperties: false },
  };
  const basic = { type: 'object', properties: { command: { type: 'string' } } };
  const answer = events('data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');

  it('is what Gemini gets, and no other', async () => {
    const server = await serveBytes(answer);
    for (const preset of ['gemini', 'qwen'])
      await collect(createChatModel({ preset, apiKey: 'k', baseURL: `${server.origin}/v1` }).stream({ ...hello, tools: [tool] }));
    expect(server.seen.map(({ body }) => body['tools'])).toMatchObject([
      [{ function: { parameters: basic } }],
      [{ function: { parameters: tool.parameters } }],
    ]);
    expect(JSON.stringify(server.seen[0]?.body)).not.toContain('additionalProperties');
  });

  it('is learned from the refusal of a server that has Google behind it', async () => {
    const refusal = json(
      {
        error: {
          code: 400,
          message: `Invalid JSON payload received. Unknown name "$schema" at 'tools[0].function_declarations[0].parameters': Cannot find field.`,
          status: 'INVALID_ARGUMENT',
        },
      },
      400,
    );
    const server = await serveBytes(refusal, answer);
    const model = createChatModel({ preset: 'openai-compatible', model: 'm', baseURL: `${server.origin}/v1` });
    expect((await collect(model.stream({ ...hello, tools: [tool] }))).text).toBe('ok');
    expect(server.seen[1]?.body['tools']).toEqual([{ type: 'function', function: { ...tool, parameters: basic } }]);
  });
});
