import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/prompt/language.ts';

describe('the language of a text', () => {
  it.each([
    ['why is checkout failing?', 'en'],
    ['为什么结账失败？', 'zh'],
    ['为什么 pod web-1 crashloopbackoff', 'zh'],
    ['what does the line "错误" in the log of the checkout service mean?', 'en'],
    ['お誕生日', 'en'],
    ['', 'en'],
  ])('%s: %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});
