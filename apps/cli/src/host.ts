/** A stream that the program writes to. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
}

/** Everything of the surroundings that the program uses; `main.ts` makes the real one. */
export interface CliHost {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly userId: number | undefined;
  readonly userName: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Piped standard input, whole, up to a cap; undefined where there is none. */
  readonly readPiped: () => Promise<string | undefined>;
  /** True where a person can be asked: a controlling terminal that can be read and written. */
  readonly canAsk: () => boolean;
  /** Asks on the terminal; undefined at the end of input or when the signal is aborted. */
  readonly ask: (prompt: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly readFile: (path: string) => Promise<{ readonly text: string; readonly mode: number } | undefined>;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; the reason names it. */
  readonly interrupt: AbortSignal;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
}
