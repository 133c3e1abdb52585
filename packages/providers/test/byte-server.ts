import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../src/index.ts';

/** A request as it came, with its query. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JsonObject;
}

/** What is answered: a status, headers and exact bytes. */
export interface ByteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytes: string | Uint8Array;
}

/** A running server of bytes. */
export interface ByteServer {
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
}

/** Serves exact bytes over real HTTP, one answer after the other, the last one for ever; closes with its test. */
export async function serveBytes(...answers: readonly ByteAnswer[]): Promise<ByteServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    handle(request, response, { seen, answer: () => answers[Math.min(seen.length, answers.length) - 1] }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { origin: `http://127.0.0.1:${address.port}`, seen };
}

/** An answer of server-sent events. */
export function events(bytes: string): ByteAnswer {
  return { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, bytes };
}

/** An answer of JSON. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): ByteAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, bytes: JSON.stringify(value) };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { seen, answer }: { readonly seen: SeenRequest[]; readonly answer: () => ByteAnswer | undefined },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const body: JsonObject = text === '' ? {} : JSON.parse(text);
  seen.push({
    method: request.method ?? '',
    target: request.url ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()])),
    body,
  });
  const { status = 200, headers = {}, bytes } = answer() ?? { status: 500, bytes: 'no answer' };
  response.writeHead(status, headers).end(bytes);
}
