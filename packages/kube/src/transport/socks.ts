import type { Socket } from 'node:net';
import { net } from '../builtins.ts';
import { KubeError } from '../errors.ts';
import { reasonOf, systemCodeOf } from '../text.ts';
import type { TunnelTarget } from './tunnel.ts';

const connectTimeoutMs = 15_000;

/** The replies of RFC 1928, section 6. */
const replies: readonly string[] = [
  'granted', 'general failure', 'not allowed by its rules', 'network unreachable', 'host unreachable', 'connection refused', 'time to live expired', 'command not supported', 'address type not supported',
]; // prettier-ignore

/** Opens a TCP way to the target through a SOCKS5 proxy (RFC 1928, RFC 1929); the proxy resolves the name. Throws KubeError `proxy`. */
export async function openSocksTunnel(proxy: URL, target: TunnelTarget): Promise<Socket> {
  const name = `"socks5://${proxy.host}"`;
  const port = proxy.port === '' ? 1080 : Number(proxy.port);
  const socket = net().connect({ host: proxy.hostname.replace(/^\[|\]$/g, ''), port });
  socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error(`no answer in ${connectTimeoutMs / 1_000} s`)));
  const reader = createReader(socket);
  try {
    await greet(socket, reader, proxy);
    await askFor(socket, reader, target);
    socket.setTimeout(0);
    reader.release();
    return socket;
  } catch (error) {
    socket.destroy();
    throw new KubeError('proxy', `The proxy ${name} can't be used: ${systemCodeOf(error) ?? reasonOf(error)}.`, { cause: error });
  }
}

async function greet(socket: Socket, reader: Reader, proxy: URL): Promise<void> {
  const hasLogin = proxy.username !== '';
  socket.write(Buffer.from(hasLogin ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await reader.read(2);
  if (version !== 5) throw new Error('it does not speak SOCKS5');
  if (method === 0) return;
  if (method !== 2 || !hasLogin) throw new Error('it wants another kind of login');
  const user = Buffer.from(decodeURIComponent(proxy.username), 'utf8').subarray(0, 255);
  const password = Buffer.from(decodeURIComponent(proxy.password), 'utf8').subarray(0, 255);
  socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
  const [, status] = await reader.read(2);
  if (status !== 0) throw new Error('it refused the user name or password');
}

async function askFor(socket: Socket, reader: Reader, { host, port }: TunnelTarget): Promise<void> {
  const name = Buffer.from(host, 'utf8');
  if (name.length > 255) throw new Error('the name of the server is too long for it');
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
  const [, reply = 1, , type] = await reader.read(4);
  if (reply !== 0) throw new Error(`it refused the way to ${host}: ${replies[reply] ?? `reply ${reply}`}`);
  const length = type === 1 ? 4 : type === 4 ? 16 : ((await reader.read(1))[0] ?? 0);
  await reader.read(length + 2);
}

interface Reader {
  read(length: number): Promise<Buffer>;
  /** Ends reading; what came too early goes back to the socket. */
  release(): void;
}

function createReader(socket: Socket): Reader {
  let buffered: Buffer = Buffer.alloc(0);
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const onData = (chunk: Buffer): void => {
    buffered = Buffer.concat([buffered, chunk]);
    wake();
  };
  const onEnd = (error?: Error | boolean): void => {
    failure ??= error instanceof Error ? error : new Error('it closed the connection');
    wake();
  };
  socket.on('data', onData).on('error', onEnd).on('close', onEnd);
  return {
    read: async (length) => {
      while (buffered.length < length) {
        if (failure !== undefined) throw failure;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      const bytes = buffered.subarray(0, length);
      buffered = buffered.subarray(length);
      return bytes;
    },
    release: () => {
      socket.off('data', onData).off('error', onEnd).off('close', onEnd).pause();
      if (buffered.length > 0) socket.unshift(buffered);
    },
  };
}
