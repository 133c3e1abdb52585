import type { Readable, Writable } from 'node:stream';

/** A stream that the program writes to. */
export interface Output {
  readonly write: (text: string) => void;
  /** Resolves when its reader has caught up, or is gone. */
  readonly drained: () => Promise<void>;
  readonly isTTY: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
}

/** A key, a paste, or something that happened to the terminal. */
export interface Key {
  /** Such as `return`, `up`, `a`; `paste` for a pasted text; `resize`, `suspend`, `continue`, `end-of-input` for the terminal itself. */
  readonly name: string;
  /** What it types; empty for keys that type nothing. */
  readonly text: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

/** The keys of a terminal, one by one and without an echo. */
export interface Keyboard {
  /** Hands the keys to this listener, and to no earlier one, until it is taken back by calling the result. */
  readonly listen: (listener: (key: Key) => void) => () => void;
  /** Hands keys to the next listener, as if they were typed then. */
  readonly unread: (keys: readonly Key[]) => void;
  /** Gives the terminal back as it was. */
  readonly close: () => void;
}

/** The standard streams as they are, for a protocol on them. */
export interface ProtocolStreams {
  readonly input: Readable;
  /** Carries messages of the protocol and nothing else. */
  readonly output: Writable;
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
  readonly streams: () => ProtocolStreams;
  /** Piped standard input, whole, up to a cap; undefined where there is none. */
  readonly readPiped: () => Promise<string | undefined>;
  /** True where a person can be asked: a controlling terminal that can be read and written. */
  readonly canAsk: () => boolean;
  /** True where a person can talk to the program: standard input, output and error are a terminal. */
  readonly isInteractive: () => boolean;
  /** Asks on the terminal; undefined at the end of input or when the signal is aborted. */
  readonly ask: (prompt: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Opens the terminal's keys; while they are open, `ask` reads from them. */
  readonly openKeyboard: () => Promise<Keyboard>;
  readonly readFile: (path: string) => Promise<{ readonly text: string; readonly mode: number } | undefined>;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; the reason names it. */
  readonly interrupt: AbortSignal;
  /** Until it is taken back by calling the result, SIGINT calls this and aborts nothing. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Until it is taken back by calling the result, SIGHUP (the terminal is closed) calls this and aborts nothing. */
  readonly onHangup: (listener: () => void) => () => void;
  /** Ends the process at once with 130, as a second Ctrl-C does. */
  readonly exitNow: () => void;
  /** Names the process in lists such as that of `ps`. */
  readonly setTitle: (title: string) => void;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
}
