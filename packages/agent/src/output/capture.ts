import type { OutputInfo, OutputSink } from '../output-store.ts';
import type { Redactor } from '../redact/redactor.ts';

/** An output being taken in. */
export interface OutputCapture {
  write(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  close(): Promise<CapturedOutput>;
}

/** What became of an output. */
export interface CapturedOutput {
  /** What the model is shown; within the budget. */
  readonly content: string;
  /** Undefined where the output is not kept. */
  readonly info?: OutputInfo;
  /** Of the redacted output in UTF-8, hex. */
  readonly sha256: string;
  /** Of the redacted output in UTF-8. */
  readonly bytes: number;
}

/** Where an output goes and how much of it the model may see. */
export interface CaptureOptions {
  readonly sink: OutputSink | undefined;
  readonly redactor: Redactor;
  readonly budgetTokens: number;
}

/** Takes in one output: the redacted whole goes to the sink, a view within the budget to the model. */
export function captureOutput({ sink, redactor, budgetTokens }: CaptureOptions): OutputCapture {
  const streams = { stdout: redactor.stream(), stderr: redactor.stream() };
  let content = '';
  const add = async (text: string): Promise<void> => {
    content += text;
    await sink?.write(text);
  };
  return {
    write: (stream, text) => add(streams[stream].write(text)),
    close: async () => {
      await add(streams.stdout.end() + streams.stderr.end());
      const info = await sink?.close();
      const bytes = new TextEncoder().encode(content);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return {
        content: content.slice(0, budgetTokens * 4),
        ...(info === undefined ? {} : { info }),
        sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
        bytes: bytes.length,
      };
    },
  };
}
