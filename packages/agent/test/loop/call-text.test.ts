import { describe, expect, it } from 'vitest';
import { callTextOf, mayBeCallText } from '../../src/loop/call-text.ts';

const tools = new Set(['kubectl', 'bash']);

describe('a tool call that is written as text', () => {
  it.each([
    '{"name": "kubectl", "arguments": {"command": "get pods"}}',
    '  ```json\n{"name": "kubectl", "arguments": {"command": "get pods"}}\n```  ',
    '```\n{"tool": "kubectl", "parameters": {}}\n```',
    '<tool_call>\n{"name": "kubectl", "arguments": {}}\n</tool_call>',
    '<tool_call>\n{"name": "kubectl", "arguments": {}}\n</tool_call>\n<tool_call>\n{"name": "bash", "arguments": {}}\n</tool_call>',
    '[{"name": "kubectl", "arguments": {}}, {"name": "bash", "arguments": {}}]',
    '{"tool_calls": [{"type": "function", "function": {"name": "kubectl", "arguments": "{}"}}]}',
    '{"type": "function", "function": {"name": "kubectl", "arguments": {}}}',
    '<function=kubectl>{"command": "get pods"}</function>',
    '[TOOL_CALLS][{"name": "kubectl", "arguments": {}}]',
    '{"name": "kubectl", "arguments": {}}\n{"name": "kubectl", "arguments": {}}',
  ])('is known: %s', (text) => {
    expect(callTextOf(text, tools)).toBe('kubectl');
    const beginnings = Array.from({ length: text.length + 1 }, (_, cut) => text.slice(0, cut));
    expect(beginnings.filter((beginning) => !mayBeCallText(beginning))).toEqual([]);
  });

  it.each([
    'Run `kubectl get pods`.',
    '{"apiVersion": "v1", "kind": "Pod"}',
    '```yaml\nkind: Pod\n```',
    '{"name": "helm", "arguments": {}}',
    '{"name": "kubectl"}',
    'The call {"name": "kubectl", "arguments": {}} would help.',
    '{"name": "kubectl", "arguments": {}} is what I would do.',
    '[1, 2]',
    '',
  ])('is not seen in: %s', (text) => {
    expect(callTextOf(text, tools)).toBeUndefined();
  });

  it.each(['Hello', '{"apiVersion"', '{"apiVersion": "v1"', '```yaml\n', '```sh\n', '# Title', '{ x', '| a | b |'])(
    'an answer that begins with %s is shown at once',
    (text) => {
      expect(mayBeCallText(text)).toBe(false);
    },
  );
});
