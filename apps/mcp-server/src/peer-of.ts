import type { Socket } from 'node:net';
import type { Peer } from '@kw/http';
import { isLoopback } from './listen-address.ts';
import { peerUser, type ReadTable } from '@kw/runtime';

/** What is known of this process. */
export interface PeerOptions {
  /** The process's user; undefined where the system has none. */
  readonly uid: number | undefined;
  readonly readTable: ReadTable;
}

const root = 0;

/** Tells who sends a request, by its connection; the user is looked up once for each. */
export function createPeerOf({ uid, readTable }: PeerOptions): (incoming: { readonly socket: Socket }) => Peer {
  const known = new WeakMap<Socket, Promise<boolean>>();

  const lookUp = async (socket: Socket): Promise<boolean> => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (uid === undefined) return true;
    if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) return false;
    const user = await peerUser({ address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort }, readTable);
    return user === 'unknown' || user === uid || user === root;
  };

  return ({ socket }) => {
    const address = socket.remoteAddress ?? '';
    return {
      address,
      loopback: isLoopback(address),
      sameUser: () => {
        const found = known.get(socket) ?? lookUp(socket);
        known.set(socket, found);
        return found;
      },
    };
  };
}
