import type { StreamEvent } from '../src/index.ts';

/** A request as the fake server got it. */
export interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What the fake server answers with; a function may fail like a network. */
export type Answer = Response | (() => Response);

/** A fetch that answers in order and remembers what was asked. */
export function fakeServer(answers: readonly Answer[]): { readonly fetch: typeof fetch; readonly seen: readonly Seen[] } {
  const seen: Seen[] = [];
  return {
    seen,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const text = await request.text();
      seen.push({ url: request.url, method: request.method, headers: request.headers, body: text === '' ? undefined : JSON.parse(text) });
      const answer = answers[seen.length - 1];
      if (answer === undefined) throw new Error(`no answer for request ${seen.length}`);
      request.signal.throwIfAborted();
      return typeof answer === 'function' ? answer() : answer;
    },
  };
}

/** An event on the wire. */
export function wire(id: string, event: Partial<StreamEvent>): string {
  return `id: ${id}\ndata: ${JSON.stringify({ delta: '', session_id: 's1', run_id: 's1.1', status: 'processing', done: false, ...event })}\n\n`;
}

/** The last event of a run. */
export function last(id: string, response: string): string {
  return `id: ${id}\ndata: ${JSON.stringify({ response, session_id: 's1', run_id: 's1.1', status: 'completed', done: true })}\n\n`;
}

/** A stream of these bytes, cut into packets; then it ends, or breaks. */
export function stream(
  text: string,
  {
    packetBytes = text.length,
    breaks = false,
    headers = {},
  }: { readonly packetBytes?: number; readonly breaks?: boolean; readonly headers?: Record<string, string> } = {},
): Response {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += Math.max(1, packetBytes))));
      else if (breaks) controller.error(new TypeError('terminated'));
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } });
}

/** A failure as the server writes it. */
export function failure(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json(
    { error: { code, message: `it is ${code}` }, status: 'error', timestamp: '2026-01-01T00:00:00Z' },
    { status, headers },
  );
}
