import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** An HTTP and CONNECT proxy that writes down what it is asked for. */
export interface RecordingProxy {
  readonly url: string;
  /** `CONNECT host:port` or `METHOD http://...`, in order. */
  readonly seen: readonly string[];
  readonly close: () => Promise<void>;
}

/** How the proxy answers. */
export interface RecordingProxyOptions {
  /** Where tunnels and requests really end, whatever was asked for; the tunnel is refused with this status where it is a number. */
  readonly target: { readonly port: number } | { readonly status: number };
}

/** Starts a proxy on loopback that leads everything to one place. */
export async function startRecordingProxy({ target }: RecordingProxyOptions): Promise<RecordingProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, answer) => {
    seen.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    if ('status' in target) return void answer.writeHead(target.status).end();
    const { pathname, search } = new URL(incoming.url ?? '');
    const onward = request(
      { host: '127.0.0.1', port: target.port, method: incoming.method, path: `${pathname}${search}`, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket: Socket) => {
    seen.push(`CONNECT ${incoming.url ?? ''}`);
    if ('status' in target) return void socket.end(`HTTP/1.1 ${target.status} No\r\n\r\n`);
    const onward = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    for (const end of [onward, socket]) end.on('error', () => [onward, socket].forEach((both) => both.destroy()));
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
