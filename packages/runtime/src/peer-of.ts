import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { KwError } from '@kw/providers';
import { isLoopback } from './listen-address.ts';
import { peerUser, type ReadTable } from './peer-user.ts';

/** What is known of this process. */
export interface PeerOptions {
  /** The process's user; undefined where the system has none. */
  readonly uid: number | undefined;
  readonly readTable: ReadTable;
  /** Addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` says who fails to show who it is. */
  readonly trustedProxies?: readonly string[];
}

/** Who is at the other end of a request's connection. */
export interface ConnectedPeer {
  /** Whose failures to show who it is are counted together. */
  readonly address: string;
  readonly loopback: boolean;
  /** Whether it is a process of this process's user, or of root; true where the system cannot tell. */
  sameUser(): Promise<boolean>;
}

const root = 0;

/** What is looked at of a request. */
export interface Incoming {
  readonly socket: Socket;
  readonly headers: IncomingHttpHeaders;
}

/** Tells who sends a request, by its connection; the user is looked up once for each. */
export function createPeerOf({ uid, readTable, trustedProxies = [] }: PeerOptions): (incoming: Incoming) => ConnectedPeer {
  const trusted = toBlockList(trustedProxies);
  const known = new WeakMap<Socket, Promise<boolean>>();

  const lookUp = async (socket: Socket): Promise<boolean> => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (uid === undefined) return true;
    if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return false;
    const user = await peerUser({ address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort }, readTable);
    // A connection that is over may have left its port to somebody else's, and what it asked for it wants from nobody.
    if (socket.destroyed) return false;
    return user === 'unknown' || user === uid || user === root;
  };

  return ({ socket, headers }) => {
    const address = socket.remoteAddress ?? '';
    return {
      address: senderOf(address, headers['x-forwarded-for'], trusted),
      loopback: isLoopback(address),
      sameUser: () => {
        const found = known.get(socket) ?? lookUp(socket);
        known.set(socket, found);
        return found;
      },
    };
  };
}

/** The nearest address that no trusted proxy has: what stands before it in the header, anybody may have written. */
function senderOf(peer: string, forwarded: string | readonly string[] | undefined, trusted: BlockList): string {
  let sender = peer;
  const hops = [forwarded ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((hop) => hop.trim());
  while (isTrusted(sender, trusted)) {
    const hop = hops.pop() ?? '';
    if (isIP(hop) === 0) break;
    sender = hop;
  }
  return sender;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  return version !== 0 && trusted.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    if (version === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
      throw new KwError('bad-configuration', `trusted-proxy: ${JSON.stringify(entry)} is no address and no network such as 10.0.0.0/8`);
    list.addSubnet(address, bits === undefined ? most : Number(bits), version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
