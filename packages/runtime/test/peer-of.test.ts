import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { createPeerOf } from '../src/peer-of.ts';

const options = { uid: 1000, readTable: async () => '' };

function addressOf(remoteAddress: string, forwarded: string | undefined, trustedProxies: readonly string[]): string {
  const socket: Partial<Socket> = { remoteAddress };
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of it is looked at
  return createPeerOf({ ...options, trustedProxies })({ socket: socket as Socket, headers }).address;
}

it.each([
  ['10.0.0.1', '192.0.2.7', [], '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7', ['10.0.0.0/8'], '192.0.2.7'],
  ['::ffff:10.0.0.1', '192.0.2.7', ['10.0.0.1'], '192.0.2.7'],
  ['10.0.0.1', '203.0.113.9, 192.0.2.7', ['10.0.0.0/8'], '192.0.2.7'],
  ['10.0.0.1', '203.0.113.9, 192.0.2.7, 10.0.0.2', ['10.0.0.0/8'], '192.0.2.7'],
  ['10.0.0.1', '203.0.113.9, nonsense, 10.0.0.2', ['10.0.0.0/8'], '10.0.0.2'],
  ['10.0.0.1', undefined, ['10.0.0.0/8'], '10.0.0.1'],
  ['10.0.0.1', '', ['10.0.0.0/8'], '10.0.0.1'],
  ['192.0.2.1', '10.0.0.5', ['10.0.0.0/8'], '192.0.2.1'],
  ['fd00::1', '2001:db8::7', ['fd00::/8'], '2001:db8::7'],
  ['10.0.0.1', '10.0.0.2, 10.0.0.3', ['10.0.0.0/8'], '10.0.0.2'],
])('a request from %s that says it was passed on for %s, with trusted proxies %j, is one of %s', (peer, forwarded, trusted, address) => {
  expect(addressOf(peer, forwarded, trusted)).toBe(address);
});

it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.0/x', '', '::/129'])('%j is no proxy', (entry) => {
  expect(() => createPeerOf({ ...options, trustedProxies: [entry] })).toThrow('trusted-proxy');
});

it('a connection that ended while its user was looked up is nobody’s: another one may have its port', async () => {
  const line = '0: 0100007F:C350 0100007F:22B8 01 0:0 0:0 0 1000 0 4711';
  const socket: { -readonly [K in keyof Socket]?: Socket[K] } = {
    remoteAddress: '127.0.0.1',
    remotePort: 50_000,
    localAddress: '127.0.0.1',
    localPort: 8888,
    destroyed: false,
  };
  const ask = (over: boolean): Promise<boolean> => {
    const readTable = async (): Promise<string> => {
      socket.destroyed = over;
      return line;
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of it is looked at
    return createPeerOf({ uid: 1000, readTable })({ socket: socket as Socket, headers: {} }).sameUser();
  };
  expect(await ask(false)).toBe(true);
  expect(await ask(true)).toBe(false);
});
