import { describe, expect, it } from 'vitest';
import { ipIsIn } from '../../../src/conditions/network-policy/ip-block.ts';

describe('an ipBlock', () => {
  it.each([
    ['10.0.0.7', { cidr: '10.0.0.0/24' }, true],
    ['10.0.1.7', { cidr: '10.0.0.0/24' }, false],
    ['10.0.0.7', { cidr: '10.0.0.0/24', except: ['10.0.0.0/29'] }, false],
    ['10.0.0.7', { cidr: '0.0.0.0/0' }, true],
    ['fd00::7', { cidr: 'fd00::/8' }, true],
    ['fd00::7', { cidr: '0.0.0.0/0' }, false],
    ['10.0.0.7', { cidr: 'nonsense' }, false],
  ])('%s in %j: %s', (ip, block, is) => expect(ipIsIn(ip, block)).toBe(is));

  it('may hold an address that is not known', () => {
    expect(ipIsIn('', { cidr: '10.0.0.0/24' })).toBe(true);
  });
});
