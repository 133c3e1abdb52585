import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { lineReader } from '../client/line-reader.ts';
import type { McpSession } from './session.ts';

/** The streams of a process that serves one client. */
export interface StdioStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Ends the serving, as SIGTERM does. */
  readonly signal: AbortSignal;
}

const maxLineBytes = 32 * 1024 * 1024;
/** Requests that are under way when the input ends are waited for so long, in milliseconds: whatever happens, the process ends within 2 s. */
const lastAnswersMs = 1_200;
const closeMs = 600;
const parseError = -32_700;
const invalidRequest = -32_600;

/** Serves one client over streams; resolves when its input ended, it left, or the signal was aborted, and all that ran for it was ended. */
export async function serveStdio(session: McpSession, { input, output, signal }: StdioStreams): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const leave = (): void => gone.resolve();
  const reader = lineReader(maxLineBytes);
  const send = (message: object): Promise<void> =>
    new Promise((resolve) => {
      if (!output.writable || output.write(`${JSON.stringify(message)}\n`)) resolve();
      else output.once('drain', resolve);
    });
  const refuse = (code: number, message: string): void => void send({ jsonrpc: '2.0', id: null, error: { code, message } });
  const receive = (line: string): void => {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return refuse(parseError, 'Parse error: the line is no JSON');
    }
    const message = JSONRPCMessageSchema.safeParse(value);
    if (message.success) transport.onmessage?.(message.data);
    else refuse(invalidRequest, 'Invalid Request: the line is no JSON-RPC message');
  };
  const onData = (chunk: Uint8Array): void => {
    try {
      for (const line of reader.read(chunk)) receive(line);
    } catch {
      refuse(invalidRequest, `Invalid Request: a line of more than ${maxLineBytes} bytes`);
      leave();
    }
  };
  const transport: Transport = {
    start: async () => {
      input.on('data', onData);
      input.once('end', leave);
      input.once('close', leave);
      input.on('error', leave);
      output.on('error', leave);
    },
    send: (message: JSONRPCMessage) => send(message),
    close: async () => {
      input.off('data', onData);
      transport.onclose?.();
    },
  };
  signal.addEventListener('abort', leave, { once: true });
  await session.connect(transport);
  if (signal.aborted) leave();
  await gone.promise;
  signal.removeEventListener('abort', leave);
  if (!signal.aborted) await until(() => !session.isBusy(), lastAnswersMs);
  await atMost(session.close(), closeMs);
}

const lookMs = 10;

async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  do await new Promise((resolve) => setTimeout(resolve, lookMs));
  while (!holds() && performance.now() < end);
}

async function atMost(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
