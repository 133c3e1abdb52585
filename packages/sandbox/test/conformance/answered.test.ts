import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox.ts';
import type { PlainAnswer, PlainRequest } from './answered.ts';
import { comparable, loadAnswered, preparations } from './answered.ts';
import { knownRequestDifferences } from './known-differences.ts';

describe('requests that a real API server mostly refused', () => {
  it('are answered the same', { timeout: 60_000 }, async () => {
    const sandbox = await createSandbox({ seed: 'answered' });
    const send = async ({ method, path, body, type = 'application/json' }: PlainRequest): Promise<PlainAnswer> => {
      const response = await sandbox.fetch(`${sandbox.url}${path}`, {
        method,
        headers: { accept: 'application/json', 'user-agent': 'kubectl', ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, warning: response.headers.get('warning') ?? '', body: await response.text() };
    };
    const different: unknown[] = [];
    try {
      for (const step of preparations) await send(step);
      for (const { answer, ...request } of loadAnswered()) {
        const [expected, actual] = [comparable(answer), comparable(await send(request))];
        const text = JSON.stringify(request);
        if (expected !== actual && !knownRequestDifferences.some(([part]) => text.includes(part)))
          different.push({ request: text, expected, actual });
      }
    } finally {
      await sandbox.close();
    }
    expect(different).toEqual([]);
  });
});
