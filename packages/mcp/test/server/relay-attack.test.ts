import { createRedactor, type JsonObject } from '@kw/agent';
import { expect, it } from 'vitest';
import { redactedResult } from '../../src/server/relay-tools.ts';

const known = 'correcthorsebatterystaple';
const redactor = createRedactor({ secrets: () => [known] });
const passed = (result: JsonObject): string => JSON.stringify(redactedResult(result, redactor));

it.each<JsonObject>([
  { structuredContent: { blob: known } },
  { structuredContent: { kind: 'Secret', data: { blob: btoa('hunter2-hunter2-hunter2'), note: btoa(known) } } },
  { structuredContent: { type: 'image', data: known } },
  { structuredContent: { uri: 'x:y', blob: known } },
  { content: [{ type: 'image', data: known }] },
  { content: [{ type: 'text', text: 'x', _meta: { blob: known } }] },
  { messages: [{ content: { blob: known } }] },
])('what only looks like a picture or a file is redacted as text is: %j', (result) => {
  const text = passed(result);
  expect(text).not.toContain(known);
  expect(text).not.toContain(btoa('hunter2-hunter2-hunter2'));
});

it('pictures, sounds and files stay as they are, and texts are not taken for them', () => {
  const picture = btoa('\u0089PNG and more of it');
  const result: JsonObject = {
    content: [
      { type: 'image', mimeType: 'image/png', data: picture },
      { type: 'text', text: 'binary 0' },
      { type: 'resource', resource: { uri: 'a:b', mimeType: 'application/pdf', blob: picture } },
    ],
  };
  expect(redactedResult(result, redactor)).toEqual(result);
});
