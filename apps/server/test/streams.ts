/** One event of a stream, as it came. */
export interface Received {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Milliseconds since the first byte was awaited. */
  readonly at: number;
}

/** Reads a stream; each event must be one whole `id:` and `data:` block. */
export async function* readStream(response: Response): AsyncGenerator<Received> {
  if (response.body === null) return;
  const started = performance.now();
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) continue;
      const match = /^id: (\d+:\d+)\ndata: (\{.*\})$/.exec(block);
      if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not an event: ${block}`);
      yield { id: match[1], data: JSON.parse(match[2]), at: performance.now() - started };
    }
  }
}

/** All events of a stream. */
export async function readAll(response: Response): Promise<readonly Received[]> {
  const events: Received[] = [];
  for await (const event of readStream(response)) events.push(event);
  return events;
}

/** The deltas of events, joined. */
export function deltas(events: readonly Received[]): string {
  return events.map(({ data }) => (typeof data['delta'] === 'string' ? data['delta'] : '')).join('');
}
