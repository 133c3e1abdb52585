import { describe, expect, it } from 'vitest';
import { costOf, createChatModel, findPreset, modelGuide, priceOf, type Preset } from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

function preset(id: string): Preset {
  const found = findPreset(id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found;
}

describe('what tokens cost', () => {
  it('input, cached input and output have their own rates', () => {
    const price = { currency: 'USD', input: 2, cachedInput: 0.2, output: 10 } as const;
    expect(costOf({ inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 100_000 }, price)).toEqual({
      amount: 2.28,
      currency: 'USD',
    });
    expect(costOf({ inputTokens: 100, outputTokens: 0, estimated: true }, { ...price, atMost: true })).toMatchObject({
      estimated: true,
      atMost: true,
    });
  });

  it('a request beyond a length has the rates of long ones', () => {
    const price = priceOf('gpt-6-luna', preset('openai'));
    if (price === undefined) throw new Error('no price');
    expect(costOf({ inputTokens: 272_000, outputTokens: 0 }, price).amount).toBeCloseTo(0.0272, 6);
    expect(costOf({ inputTokens: 272_001, outputTokens: 1_000_000 }, price).amount).toBeCloseTo(0.0544002 + 0.75, 6);
  });

  it.each([
    ['deepseek', 'deepseek-flash', 'USD'],
    ['qwen', 'qwen-turbo', 'CNY'],
    ['doubao', 'doubao-pro-128k', 'CNY'],
    ['openai', 'gpt-5.4-mini', 'USD'],
    ['anthropic', 'claude-sonnet-5-5', 'USD'],
    ['grok', 'grok-4.7', 'USD'],
  ])('the price of %s %s is dated and says where it was read', (id, model, currency) => {
    expect(priceOf(model, preset(id))).toMatchObject({
      currency,
      asOf: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
      source: expect.stringContaining('.'),
    });
  });

  it('ends on the day that the vendor has announced', () => {
    const google = preset('gemini');
    expect(priceOf('gemini-3.8-flash', google, '2026-12-31')?.input).toBe(0.75);
    expect(priceOf('gemini-3.8-flash', google, '2027-01-01')?.input).toBe(1.5);
  });

  it('is unknown for what was not read at the vendor, and for the same name elsewhere', () => {
    expect(priceOf('gpt-9', preset('openai'))).toBeUndefined();
    expect(priceOf('qwen-turbo', preset('ollama'))).toBeUndefined();
  });

  it('follows the model that answers', async () => {
    const server = await serve({ fallback: { text: 'ok' }, models: ['deepseek-flash'], strict: { models: ['deepseek-flash'] } });
    const model = modelAt(server, { preset: 'deepseek', model: 'deepseek-chat' });
    expect(model.price).toBeUndefined();
    await collect(model.stream(hello));
    expect(model.price).toMatchObject({ input: 0.3, output: 1.2, atMost: true });
  });
});

describe('the guide', () => {
  it('S163: compares speed, quality and cost of the documented models', () => {
    const known = modelGuide.map(({ model }) => model);
    for (const model of ['qwen-turbo', 'deepseek-chat', 'deepseek-coder', 'qwen-max', 'doubao-pro-128k']) expect(known).toContain(model);
    for (const { provider, model, use } of modelGuide) {
      expect(findPreset(provider)?.models).toContain(model);
      expect(Object.values(use).every((text) => text !== '')).toBe(true);
    }
  });

  it('the model of rules costs nothing and needs no key', () => {
    expect(createChatModel({ preset: 'offline' })).toMatchObject({ provider: 'offline', id: 'rules' });
  });
});
