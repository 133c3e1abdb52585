import { spawn } from 'node:child_process';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

/** How many streams, and for how long. */
export interface ManyStreamsOptions {
  /** Read as they should be. */
  readonly streams: number;
  /** Opened and never read. */
  readonly mute: number;
  /** Time in which they are opened, in seconds. */
  readonly rampSeconds: number;
  /** Length of each answer, in seconds; ten deltas a second. */
  readonly answerSeconds: number;
  /** An empty directory. */
  readonly directory: string;
}

/** What was seen. */
export interface ManyStreamsReport {
  readonly streams: number;
  readonly mute: number;
  /** Streams whose deltas joined are the answer, with one end. */
  readonly exact: number;
  readonly firstEventMs: { readonly p50: number; readonly p95: number };
  /** From the model's writing of a delta to the client's reading. */
  readonly deltaMs: { readonly p50: number; readonly p99: number };
  readonly memoryMb: { readonly base: number; readonly most: number; readonly after: number };
  readonly failures: readonly string[];
}

/** Opens many streams at one server process, some of which nobody reads. */
export async function manyStreams({
  streams,
  mute,
  rampSeconds,
  answerSeconds,
  directory,
}: ManyStreamsOptions): Promise<ManyStreamsReport> {
  const child = spawn(
    process.execPath,
    ['--conditions=@kw/source', join(import.meta.dirname, 'fixtures', 'streams-server.ts'), String(answerSeconds)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], HOME: directory, XDG_STATE_HOME: join(directory, 'state'), DEEPSEEK_API_KEY: 'none' },
    },
  );
  const memory: number[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      for (const line of data.toString().trim().split('\n')) {
        if (line.startsWith('http')) resolve(line);
        else memory.push(Number(line));
      }
    });
    child.once('close', () => reject(new Error('the server ended')));
  });
  const sockets: Socket[] = [];
  const first: number[] = [];
  const delays: number[] = [];
  const failures: string[] = [];
  let exact = 0;
  try {
    await pause(1_500);
    const base = memory.at(-1) ?? 0;
    const gapMs = (rampSeconds * 1_000) / (streams + mute);
    const reading: Promise<void>[] = [];
    for (let opened = 0; opened < streams + mute; opened += 1) {
      if (opened % 5 === 0 && sockets.length < mute) sockets.push(openMute(url, opened));
      else
        reading.push(
          read(url, opened, { first, delays }).then(
            (ok) => void (exact += ok ? 1 : 0),
            (error: unknown) => void failures.push(String(error)),
          ),
        );
      await pause(gapMs);
    }
    await Promise.all(reading);
    const most = Math.max(...memory);
    for (const socket of sockets) socket.destroy();
    await pause(5_000);
    return {
      streams: reading.length,
      mute: sockets.length,
      exact,
      firstEventMs: { p50: quantile(first, 0.5), p95: quantile(first, 0.95) },
      deltaMs: { p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) },
      memoryMb: { base, most, after: memory.at(-1) ?? 0 },
      failures: failures.slice(0, 5),
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
  }
}

async function read(
  url: string,
  number: number,
  { first, delays }: { readonly first: number[]; readonly delays: number[] },
): Promise<boolean> {
  const started = performance.now();
  const response = await ask(url, JSON.stringify({ query: 'tell the time', session_id: `stream-${number}` }));
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`);
  response.setEncoding('utf8');
  let rest = '';
  let text = '';
  let answer: string | undefined;
  let ends = 0;
  let seen = false;
  for await (const chunk of response) {
    if (!seen) first.push(performance.now() - started);
    seen = true;
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const data: { readonly delta?: string; readonly response?: string; readonly done: boolean } = JSON.parse(line.slice(6));
      for (const time of (data.delta ?? '').split(' ')) if (time.length === 13) delays.push(Date.now() - Number(time));
      text += data.delta ?? '';
      answer = data.response ?? answer;
      if (data.done) ends += 1;
    }
  }
  return ends === 1 && answer !== undefined && text.trim() === answer.trim();
}

// Not fetch: it opens at most 256 connections to one server.
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

function ask(url: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    request(`${url}/api/v1/chat/stream`, { method: 'POST', agent, headers }, resolve).on('error', reject).end(body);
  });
}

function openMute(url: string, number: number): Socket {
  const { port } = new URL(url);
  const body = JSON.stringify({ query: 'tell the time', session_id: `mute-${number}` });
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.pause();
    socket.write(
      `POST /api/v1/chat/stream HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  socket.on('error', () => {}); // it is cut off, as it should be
  return socket;
}

function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor((sorted.length - 1) * at)] ?? Number.NaN);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
