import { describe, expect, it } from 'vitest';
import { createRedactor } from '@kw/agent';
import type { OpenTarget, RunTarget, TargetSource } from '@kw/agent';
import { createSecrets } from '../src/secrets.ts';

const target: RunTarget = { server: 'https://c', caHash: 'x', context: 'c', user: 'u', fingerprint: 'f' };

describe('createSecrets', () => {
  it('lets the redactor know what an open target holds, renewed values too, and for good', async () => {
    const held = ['token-of-the-first-hour'];
    const source: TargetSource = {
      freeze: async () => target,
      open: async () =>
        ({ target, kubeconfigPath: '/k', secrets: () => held, close: async () => undefined }) satisfies OpenTarget & {
          secrets(): readonly string[];
        },
      contexts: async () => [],
    };
    const secrets = createSecrets(['api-key-from-the-file']);
    const redactor = createRedactor({ secrets: secrets.values });
    const text = 'api-key-from-the-file token-of-the-first-hour token-of-the-second-hour';
    expect(redactor.text(text)).not.toContain('api-key-from-the-file');
    expect(redactor.text(text)).toContain('token-of-the-first-hour');
    const opened = await secrets.watch(source).open(target);
    expect(redactor.text(text)).not.toContain('token-of-the-first-hour');
    held.push('token-of-the-second-hour');
    expect(redactor.text(text)).not.toContain('token-of-the-second-hour');
    await opened.close();
    expect(redactor.text(text)).not.toContain('hour');
    expect(secrets.values()).toBe(secrets.values());
  });
});
