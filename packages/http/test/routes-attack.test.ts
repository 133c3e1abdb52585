import { KwError } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { scene } from './scene.ts';

describe('routes against who means ill', () => {
  it('HEAD of a stream takes no place of a reader', async () => {
    const { runs, fetch } = scene({ drive: false, limits: { readersAtOnce: 2 } });
    const run = await runs.start({ text: 'hi' }, { issuer: 'local', subject: 'user' });
    for (let index = 0; index < 5; index += 1) {
      const response = await fetch(`/api/v1/runs/${run.runId}/stream`, { method: 'HEAD' });
      expect(response.status).not.toBe(503);
      expect(await response.text()).toBe('');
    }
    const reading = await fetch(`/api/v1/runs/${run.runId}/stream`);
    expect(reading.status).toBe(200);
    await reading.body?.cancel();
  });

  it('an error names no folder of the host', async () => {
    const { fetch } = scene({
      drive: false,
      parts: {
        places: {
          contexts: async () => [],
          namespaces: async () => {
            throw new KwError('unknown-context', 'There is no context "x" in the kubeconfig "/home/ops/.kube/config". It knows "a/b".');
          },
        },
      },
    });
    const text = await (await fetch('/api/v1/namespaces?cluster=x')).text();
    expect(text).not.toContain('/home/ops');
    expect(JSON.parse(text)).toMatchObject({
      error: { message: 'There is no context "x" in the kubeconfig "…/config". It knows "a/b".' },
    });
  });
});
