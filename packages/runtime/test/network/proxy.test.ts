import { describe, expect, it } from 'vitest';
import { proxyOf, proxySecrets } from '../../src/network/proxy.ts';

const of = (url: string, env: Record<string, string>): string | undefined => proxyOf(new URL(url), env)?.shown;

describe('proxyOf', () => {
  it('takes the variable of the scheme, in lower or upper case, then all_proxy', () => {
    expect(of('https://api.deepseek.com', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' })).toBe('http://a:1');
    expect(of('http://llm.example', { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' })).toBe('http://b:2');
    expect(of('https://llm.example', { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:2' })).toBe('http://lower:1');
    expect(of('https://llm.example', { ALL_PROXY: 'http://c:3' })).toBe('http://c:3');
    expect(of('https://llm.example', { HTTP_PROXY: 'http://b:2' })).toBeUndefined();
    expect(of('https://llm.example', { HTTPS_PROXY: ' ' })).toBeUndefined();
  });

  it('takes an address without a scheme for http, and knows socks5h', () => {
    expect(of('https://llm.example', { HTTPS_PROXY: 'proxy.example:3128' })).toBe('http://proxy.example:3128');
    expect(of('https://llm.example', { ALL_PROXY: 'socks5h://127.0.0.1:1080' })).toBe('socks5://127.0.0.1:1080');
  });

  it('refuses what is no address, without its password', () => {
    expect(() => of('https://llm.example', { HTTPS_PROXY: 'ftp://ann:secret@a' })).toThrow(
      'HTTPS_PROXY: "ftp://***@a" is no address of a proxy, such as http://proxy.example.com:3128',
    );
  });

  it.each([
    ['*', 'https://llm.example', true],
    ['llm.example', 'https://llm.example', true],
    ['.example', 'https://llm.example', true],
    ['*.example', 'https://llm.example', true],
    ['example', 'https://llm.example', true],
    ['ample', 'https://llm.example', false],
    ['other, llm.example', 'https://llm.example', true],
    ['LLM.Example', 'https://llm.example', true],
    ['llm.example:8443', 'https://llm.example', false],
    ['llm.example:443', 'https://llm.example', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['1.2.3', 'https://10.1.2.3', false],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443', true],
    ['', 'https://llm.example', false],
  ])('NO_PROXY=%s leaves %s out: %s', (excluded, url, left) => {
    expect(of(url, { HTTPS_PROXY: 'http://a:1', NO_PROXY: excluded }) === undefined).toBe(left);
  });

  it('reaches a server on this machine through a proxy on this machine only', () => {
    expect(of('http://127.0.0.1:11434', { HTTP_PROXY: 'http://proxy.example:3128' })).toBeUndefined();
    expect(of('http://localhost:11434', { HTTP_PROXY: 'http://127.0.0.1:7890' })).toBe('http://127.0.0.1:7890');
  });

  it('knows the passwords in the variables', () => {
    expect(proxySecrets({ HTTPS_PROXY: 'http://ann:open-sesame@a:1', http_proxy: 'http://b:2' })).toEqual(['open-sesame']);
  });
});
