/** Where a stream's text goes. */
export interface TextSink {
  /** Takes a text, to be sent as one chunk. */
  write(text: string): void;
  /** Bytes that the reader has not taken. */
  waiting(): number;
  /** Ends the answer as it should end. */
  end(): void;
  /** Cuts the connection. */
  cut(): void;
}

/** The text of an answer that comes over time. */
export interface TextStream {
  /** Begins to send; to be called once. What it returns must be told when the reader has taken what waits, and when it has left. */
  open(sink: TextSink): { drained(): void; left(): void };
}

const encoder = new TextEncoder();

/** A stream as the body of a Response. */
export function webBody(stream: TextStream, maxQueueBytes: number): ReadableStream<Uint8Array> {
  let opened: ReturnType<TextStream['open']> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        opened = stream.open({
          write: (text) => controller.enqueue(encoder.encode(text)),
          waiting: () => maxQueueBytes - (controller.desiredSize ?? 0),
          end: () => quietly(() => controller.close()),
          cut: () => quietly(() => controller.error(new Error('the reader is too slow'))),
        });
      },
      pull: () => opened?.drained(),
      cancel: () => opened?.left(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: maxQueueBytes }),
  );
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // the reader has left
  }
}
