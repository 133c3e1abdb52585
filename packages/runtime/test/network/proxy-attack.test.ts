import { isKwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import { proxyOf, proxySecrets } from '../../src/network/proxy.ts';

const target = new URL('https://api.example.com/v1');

function failureOf(value: string): string {
  try {
    return JSON.stringify(proxyOf(target, { HTTPS_PROXY: value }));
  } catch (error) {
    return isKwError(error) ? `${error.message} ${JSON.stringify(error.details)}` : `no KwError: ${String(error)}`;
  }
}

describe('a password of a proxy', () => {
  it.each([
    'user:hunter2hunter2@proxy:99999',
    'http://user:hunter2hunter2/x@proxy:1',
    'http://user:a@hunter2hunter2@proxy:99999',
    'ftp://user:hunter2hunter2@proxy',
    'http://user:hunter2hunter2@',
    'HTTP://user:hunter2hunter2 x@pro xy',
    'user:hunter2hunter2@@',
  ])('is not told where the address is wrong: %s', (value) => {
    expect(failureOf(value)).toContain('is no address of a proxy');
    expect(failureOf(value)).not.toContain('hunter2');
  });

  it.each([
    ['user:hunter2hunter2@proxy:3128', 'hunter2hunter2'],
    ['http://user:hunter2@hunter2@proxy:3128', 'hunter2@hunter2'],
    ['http://user:hunter2/hunter2@proxy:3128', 'hunter2/hunter2'],
    ['http://user:hunter2%40hunter2@proxy:3128', 'hunter2%40hunter2'],
    ['http://user:hunter2%40hunter2@proxy:3128', 'hunter2@hunter2'],
    ['socks5://:hunter2hunter2@proxy:3128', 'hunter2hunter2'],
    ['http://user:hunter2%zz@proxy:3128', 'hunter2%zz'],
  ])('is known as a secret: %s', (value, password) => {
    expect(proxySecrets({ https_proxy: value })).toContain(password);
  });

  it('is none where there is none', () => {
    expect(proxySecrets({ https_proxy: 'http://proxy:3128', http_proxy: 'http://user@proxy:3128', ALL_PROXY: 'proxy:3128' })).toEqual([]);
  });
});
