import { KubectlAIError } from '@kw/sdk-js';
import { describe, expect, it } from 'vitest';
import { failureText, toWireError } from '../src/text/failure.ts';
import { messagesIn } from '../src/text/messages.ts';
import { shortName } from '../src/text/person.ts';

describe('what went wrong', () => {
  it('is told as the service says it, which knows the language, without the status behind it', () => {
    const refused = toWireError(new KubectlAIError('missing-scope', '此令牌不能提问。 (HTTP 403)', { status: 403 }));
    expect(failureText(refused, messagesIn('zh'))).toBe('此令牌不能提问。');
  });

  it('is told in words of the page where the service could not speak', () => {
    const away = toWireError(new KubectlAIError('connection-failed', 'http://x cannot be reached.'));
    expect(failureText(away, messagesIn('en'))).toContain('Is it still running');
    expect(failureText(away, messagesIn('zh'))).toContain('无法连接服务');
  });

  it('may be anything', () => {
    expect(failureText(toWireError(new Error('odd')), messagesIn('en'))).toBe('odd');
    expect(failureText(toWireError('odd'), messagesIn('en'))).toBe('odd');
  });
});

it('a person is shown by name, whoever issued it', () => {
  expect(['bob', 'token#bob', 'https://idp.example/realms/a#b#bob'].map(shortName)).toEqual(['bob', 'bob', 'bob']);
});

it('both languages have a sentence for the same failures', () => {
  expect(Object.keys(messagesIn('zh').failures)).toEqual(Object.keys(messagesIn('en').failures));
});
