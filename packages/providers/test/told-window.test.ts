import { describe, expect, it } from 'vitest';
import { toldWindow } from '../src/told-window.ts';

describe('the window that a refusal tells', () => {
  it.each([
    ["This model's maximum context length is 4096 tokens. However, your messages resulted in 5012 tokens.", 4_096],
    [
      "This model's maximum context length is 4096 tokens. However, you requested 6000 tokens (5000 in the messages, 1000 in the completion).",
      4_096,
    ],
    ['the request exceeds the available context size (8192 tokens), try increasing it', 8_192],
    ['Input length 9000 exceeds the maximum length 4096', 4_096],
    ['Range of input length should be [1, 30720]', 30_720],
    ['prompt is too long: 215000 tokens > 200000 maximum', 200_000],
    ['`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 512 `max_new_tokens`', 4_096],
    ['Invalid request: Your request exceeded model token limit: 8192', 8_192],
    ['Please reduce the length of the messages.', undefined],
    ['', undefined],
  ])('%s', (said, tokens) => {
    expect(toldWindow(said)).toBe(tokens);
  });
});
