import { describe, expect, it } from 'vitest';
import { hostsMeet, isCovered } from '../../src/world/host-names.ts';

describe('names in a certificate', () => {
  it.each([
    ['shop.example.com', ['shop.example.com'], true],
    ['Shop.Example.com', ['shop.example.com'], true],
    ['a.example.com', ['*.example.com'], true],
    ['*.example.com', ['*.example.com'], true],
    ['a.b.example.com', ['*.example.com'], false],
    ['example.com', ['*.example.com'], false],
    ['evilexample.com', ['*.example.com'], false],
  ])('%s is among %j: %s', (host, names, is) => expect(isCovered(host, names)).toBe(is));
});

describe('hosts of a listener and a route', () => {
  it.each([
    ['', 'shop.example.com', true],
    ['*.example.com', 'a.b.example.com', true],
    ['a.example.com', '*.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.example.org', false],
    ['a.example.com', 'b.example.com', false],
  ])('%s and %s have one in common: %s', (one, other, do_) => expect(hostsMeet(one, other)).toBe(do_));
});
