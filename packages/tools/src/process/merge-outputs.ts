import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProcessOutput } from './run-process.ts';

/** Bytes that wait for the reader before the child is made to wait. */
const maxQueuedBytes = 1024 * 1024;

interface MergeOptions {
  /** Resolves when the process itself is gone. */
  readonly ended: Promise<void>;
  /** How long pipes may stay open after that, in milliseconds. */
  readonly graceMs: number;
}

/** Both outputs of a child in the order of their arrival, with back pressure, until both are closed or the grace after its end is over. */
export async function* mergeOutputs(
  child: Pick<ChildProcess, 'stdout' | 'stderr'>,
  { ended, graceMs }: MergeOptions,
): AsyncGenerator<ProcessOutput, void, void> {
  const queue: ProcessOutput[] = [];
  let queuedBytes = 0;
  let open = 0;
  let over = false;
  let wake: () => void = () => undefined;
  const sources: Readable[] = [];

  const attach = (stream: ProcessOutput['stream'], source: Readable | null): void => {
    if (source === null) return;
    const decoder = new TextDecoder('utf-8');
    const add = (text: string): void => {
      if (text !== '') queue.push({ type: 'output', stream, text });
      wake();
    };
    open += 1;
    sources.push(source);
    source.on('data', (chunk: Uint8Array) => {
      queuedBytes += chunk.byteLength;
      if (queuedBytes > maxQueuedBytes) for (const each of sources) each.pause();
      add(decoder.decode(chunk, { stream: true }));
    });
    source.once('close', () => {
      open -= 1;
      add(decoder.decode());
    });
    source.on('error', () => undefined); // a broken pipe is a closed one
  };
  attach('stdout', child.stdout);
  attach('stderr', child.stderr);
  let grace: NodeJS.Timeout | undefined;
  void ended.then(() => {
    grace = setTimeout(() => {
      over = true;
      wake();
    }, graceMs);
  });
  try {
    while (true) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      queuedBytes = 0;
      for (const source of sources) source.resume();
      if (open === 0 || over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (queue.length > 0 || open === 0 || over) resolve();
      });
    }
  } finally {
    clearTimeout(grace);
  }
}
