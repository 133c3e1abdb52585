import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TextSink, TextStream } from '@kw/http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendStream } from '../src/send-stream.ts';

/** A server whose answers are streams that the test writes. */
async function streams(): Promise<{ readonly port: number; readonly next: () => Promise<Opened> }> {
  const opened: Opened[] = [];
  const server = createServer((_, outgoing) => {
    const log: string[] = [];
    const stream: TextStream = {
      open: (sink) => {
        opened.push({ sink, log, outgoing });
        return { drained: () => log.push('drained'), left: () => log.push('left') };
      },
    };
    sendStream(stream, new Response(null, { headers: { 'content-type': 'text/event-stream' } }), outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  const next = async (): Promise<Opened> => {
    await expect.poll(() => opened.length).toBeGreaterThan(0);
    const [first] = opened.splice(0, 1);
    if (first === undefined) throw new Error('no stream was opened');
    return first;
  };
  return { port, next };
}

interface Opened {
  readonly sink: TextSink;
  readonly log: string[];
  readonly outgoing: ServerResponse;
}

function client(port: number): { readonly socket: Socket; readonly said: () => string } {
  let said = '';
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return { socket, said: () => said };
}

describe('a stream', () => {
  it('goes out a chunk a text, whatever its letters, and its connection serves the next one', async () => {
    const { port, next } = await streams();
    for (let times = 0; times < 2; times += 1) {
      const answer = fetch(`http://127.0.0.1:${port}/`);
      const { sink } = await next();
      sink.write('data: ü 🙂\n\n');
      sink.write(':\n\n');
      sink.end();
      expect(await (await answer).text()).toBe('data: ü 🙂\n\n:\n\n');
    }
    const { socket, said } = client(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const first = await next();
    first.sink.write('one');
    first.sink.end();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const second = await next();
    second.sink.write('two');
    second.sink.end();
    await expect.poll(said).toMatch(/\r\n3\r\none\r\n0\r\n\r\nHTTP\/1\.1 200[^]*\r\n3\r\ntwo\r\n0\r\n\r\n$/);
  });

  it('waits for the one before it on its connection', async () => {
    const { port, next } = await streams();
    const { socket, said } = client(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [first, second] = [await next(), await next()];
    second.sink.write('two');
    second.sink.end();
    first.sink.write('one');
    first.sink.end();
    await expect.poll(said).toMatch(/\r\n3\r\none\r\n0\r\n\r\nHTTP\/1\.1 200[^]*\r\n3\r\ntwo\r\n0\r\n\r\n$/);
  });

  it('has no chunks where the reader knows none', async () => {
    const { port, next } = await streams();
    const { socket, said } = client(port);
    socket.write('GET / HTTP/1.0\r\n\r\n');
    const { sink } = await next();
    sink.write('one');
    sink.write('two');
    sink.end();
    await expect.poll(said).toMatch(/\r\n\r\nonetwo$/);
  });

  it('knows how much a reader who does not read has not taken, and when it has', async () => {
    const { port, next } = await streams();
    const { socket, said } = client(port);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const { sink, log } = await next();
    const text = '~'.repeat(65_536);
    let written = 0;
    while (sink.waiting() < 1_000_000 && written < 1_000) {
      sink.write(text);
      written += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sink.waiting()).toBeGreaterThanOrEqual(1_000_000);
    expect(log).toEqual([]);
    socket.resume();
    await expect.poll(() => log).toEqual(['drained']);
    expect(sink.waiting()).toBe(0);
    sink.end();
    await expect.poll(() => said().endsWith('0\r\n\r\n')).toBe(true);
    expect(said().split('~').length - 1).toBe(written * text.length);
  });

  it('is told when its reader leaves, and writes to nobody from then on', async () => {
    const { port, next } = await streams();
    const { socket } = client(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const { sink, log } = await next();
    sink.write('one');
    socket.destroy();
    await expect.poll(() => log).toContain('left');
    sink.write('two');
    sink.end();
  });
});
