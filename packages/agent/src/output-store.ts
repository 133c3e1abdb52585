/** Names a kept output inside its session: `output:1`, `output:2`, ... */
export type OutputRef = `output:${number}`;

/** What is known of a kept output. */
export interface OutputInfo {
  readonly ref: OutputRef;
  /** Sizes of what came, in UTF-8 bytes and lines; more than was kept where `dropped` is set. */
  readonly bytes: number;
  readonly lines: number;
  /** A stretch in the middle that was too much to keep. Lines count from 1. */
  readonly dropped?: { readonly fromLine: number; readonly toLine: number; readonly bytes: number };
}

/** Takes one output as it comes; holds at most 2 MiB. */
export interface OutputSink {
  readonly ref: OutputRef;
  write(text: string): Promise<void>;
  /** Makes it readable; the same answer when called again. */
  close(): Promise<OutputInfo>;
}

/** One line of a kept output. */
export interface OutputLine {
  /** From 1, counted over all that came. */
  readonly number: number;
  readonly text: string;
}

/** Reads the kept outputs of one session. */
export interface OutputReader {
  info(ref: OutputRef): Promise<OutputInfo | undefined>;
  /** Kept lines in order, from `fromLine` (default 1). */
  lines(ref: OutputRef, options?: { readonly fromLine?: number; readonly signal?: AbortSignal }): AsyncIterable<OutputLine>;
}

/** Keeps the redacted outputs of tools: at most 64 MiB on the disk an output, 512 MiB a session, compressed; head and tail survive. */
export interface OutputStore {
  write(session: string): Promise<OutputSink>;
  reader(session: string): OutputReader;
  delete(session: string): Promise<void>;
}
