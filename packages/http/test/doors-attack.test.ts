import { describe, expect, it } from 'vitest';
import { scene } from './scene.ts';

describe('a request that came through a proxy', () => {
  it.each([
    'CF-Connecting-IP',
    'True-Client-IP',
    'X-Client-IP',
    'X-Forwarded-User',
    'X-Forwarded',
    'X-Envoy-External-Address',
    'Fly-Client-IP',
    'X-Original-Host',
  ])('is known by %s, and so is not of this host', async (name) => {
    expect((await scene({ drive: false }).fetch('/api/v1/models', { headers: { [name]: '192.0.2.1' } })).status).toBe(403);
  });

  it('is not told by other headers', async () => {
    expect((await scene({ drive: false }).fetch('/api/v1/models', { headers: { 'x-request-id': '1' } })).status).toBe(200);
  });
});
