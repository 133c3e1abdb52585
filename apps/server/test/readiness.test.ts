import { KwError } from '@kw/agent';
import { expect, it } from 'vitest';
import { serve } from './scene.ts';

it('/readyz is 503 with the reason while sessions cannot be written, and 200 again by itself; /livez stays', async () => {
  let reason: string | undefined = 'The session store /x could not grow: the disk is full.';
  const { url } = await serve({
    checkStore: async () => {
      if (reason !== undefined) throw new KwError('store-unavailable', reason);
    },
  });
  const response = await fetch(`${url}/readyz`);
  expect([response.status, (await response.json()).error.message]).toEqual([503, reason]);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  reason = undefined;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});
