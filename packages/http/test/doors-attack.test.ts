import { describe, expect, it } from 'vitest';
import { isForwarded } from '../src/doors/authenticate.ts';

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
  ])('is known by %s, and so is not of this host', (name) => {
    expect(isForwarded(new Headers({ [name]: '192.0.2.1' }))).toBe(true);
  });

  it('is not told by other headers', () => {
    expect(isForwarded(new Headers({ 'x-request-id': '1', 'user-agent': 'curl', accept: '*/*' }))).toBe(false);
  });
});
