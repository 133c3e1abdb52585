import { readFile } from 'node:fs/promises';

/** One end of a connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Reads a table of the kernel's sockets; rejects where there is none. */
export type ReadTable = (path: string) => Promise<string>;

/** The kernel's tables. */
export const readKernelTable: ReadTable = (path) => readFile(path, 'latin1');

/**
 * The user at the far end of a loopback connection, from the kernel's socket tables (`/proc/net/tcp`, `/proc/net/tcp6`);
 * `unknown` where there are no tables, undefined where the connection is in none of them.
 */
export async function peerUser(peer: Endpoint, own: Endpoint, readTable: ReadTable): Promise<number | 'unknown' | undefined> {
  let known = false;
  // One after the other: each costs the kernel a walk over all sockets, and nearly all peers are in the first.
  for (const [path, encode] of [
    ['/proc/net/tcp', encodeIpv4],
    ['/proc/net/tcp6', encodeIpv6],
  ] as const) {
    const table = await readTable(path).catch(() => undefined);
    known ||= table !== undefined;
    const from = encode(peer.address);
    const to = encode(own.address);
    if (table === undefined || from === undefined || to === undefined) continue;
    const uid = findUser(table, `${from}:${hexPort(peer.port)}`, `${to}:${hexPort(own.port)}`);
    if (uid !== undefined) return uid;
  }
  return known ? undefined : 'unknown';
}

// Columns, https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html: sl: local remote state queues timer retransmits uid timeout inode ...
function findUser(table: string, local: string, remote: string): number | undefined {
  // Sought as a whole: a table has thousands of lines where a thousand streams are open.
  const at = table.indexOf(` ${local} ${remote} `);
  if (at === -1) return undefined;
  const end = table.indexOf('\n', at);
  const columns = table
    .slice(at, end === -1 ? undefined : end)
    .trim()
    .split(/\s+/);
  // A socket that its process has closed has no inode, and its user is shown as 0, which it need not be.
  return columns[8] === '0' ? undefined : Number(columns[6]);
}

function encodeIpv4(address: string): string | undefined {
  const match = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(address);
  return match === null ? undefined : match.slice(1, 5).toReversed().map(hexByte).join('');
}

// Four words, each in the host's (little-endian) byte order.
function encodeIpv6(address: string): string | undefined {
  if (address === '::1') return `${'0'.repeat(24)}01000000`;
  const ipv4 = encodeIpv4(address);
  return ipv4 === undefined ? undefined : `${'0'.repeat(16)}FFFF0000${ipv4}`;
}

function hexByte(decimal: string): string {
  return Number(decimal).toString(16).toUpperCase().padStart(2, '0');
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
