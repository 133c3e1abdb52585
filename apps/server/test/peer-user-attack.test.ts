import { describe, expect, it } from 'vitest';
import { peerUser } from '@kw/runtime';

// A peer that sends its request and closes at once: the kernel keeps the connection, without an inode, and shows its user as 0.
const closed = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   1: 0100007F:22B8 0100007F:C350 08 00000000:00000000 00:00000000 00000000   500        0 2 1
   2: 0100007F:C350 0100007F:22B8 05 00000000:00000000 00:00000000 00000000     0        0 0 1
`;

describe('a peer that has closed its socket', () => {
  it('is nobody, not root', async () => {
    const readTable = async (): Promise<string> => closed;
    expect(await peerUser({ address: '127.0.0.1', port: 50_000 }, { address: '127.0.0.1', port: 8888 }, readTable)).toBeUndefined();
  });
});
