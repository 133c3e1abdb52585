import { describe, expect, it } from 'vitest';
import { isLoopback, parseListenAddress } from '@kw/runtime';
import { peerUser } from '@kw/runtime';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000   500        0 1 1
   1: 0100007F:22B8 0100007F:C350 01 00000000:00000000 00:00000000 00000000   500        0 2 1
   2: 0100007F:C350 0100007F:22B8 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
`;
const tcp6 = `  sl  local_address remote_address st
   0: 00000000000000000000000001000000:C351 00000000000000000000000001000000:22B8 01 0:0 0:0 0  1001 0 4 1
   1: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:22B8 01 0:0 0:0 0  1002 0 5 1
`;
const tables = async (path: string): Promise<string> => (path.endsWith('6') ? tcp6 : tcp);
const own = { address: '127.0.0.1', port: 8888 };

describe('peerUser', () => {
  it('finds the far end of a connection, not the near one', async () => {
    expect(await peerUser({ address: '127.0.0.1', port: 50_000 }, own, tables)).toBe(1000);
  });

  it('finds an IPv4 peer of a socket for both families', async () => {
    expect(await peerUser({ address: '::ffff:127.0.0.1', port: 50_000 }, { address: '::ffff:127.0.0.1', port: 8888 }, tables)).toBe(1000);
    expect(await peerUser({ address: '::ffff:127.0.0.1', port: 50_002 }, { address: '::ffff:127.0.0.1', port: 8888 }, tables)).toBe(1002);
  });

  it('finds an IPv6 peer', async () => {
    expect(await peerUser({ address: '::1', port: 50_001 }, { address: '::1', port: 8888 }, tables)).toBe(1001);
  });

  it('does not find a connection that is not there', async () => {
    expect(await peerUser({ address: '127.0.0.1', port: 50_009 }, own, tables)).toBeUndefined();
  });

  it('knows nothing where there are no tables', async () => {
    const none = async (): Promise<string> => {
      throw new Error('ENOENT');
    };
    expect(await peerUser({ address: '127.0.0.1', port: 50_000 }, own, none)).toBe('unknown');
  });
});

it.each([
  ['127.0.0.1:8888', '127.0.0.1', true],
  ['localhost:8888', '127.0.0.1', true],
  ['[::1]:8888', '::1', true],
  ['127.1.2.3:8888', '127.1.2.3', true],
  ['0.0.0.0:8888', '0.0.0.0', false],
  [':8888', '::', false],
  ['192.168.1.5:8888', '192.168.1.5', false],
  ['kw.internal:8888', 'kw.internal', false],
])('%s listens on %s', (text, host, loopback) => {
  expect(parseListenAddress(text)).toEqual({ host, port: 8888, loopback });
});

it('an address that only looks like loopback is none', () => {
  for (const address of ['128.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.example', '', '::2']) expect(isLoopback(address)).toBe(false);
});
