import { builtCommand, commandNode } from './built.ts';
import type { Place } from './command.ts';
import type { Ended } from './command.ts';

/** The command in a terminal of its own, as a person sees it. */
export interface Terminal {
  /** All bytes that it wrote, the typed echo included. */
  readonly bytes: () => string;
  readonly shows: (text: string, times?: number) => Promise<void>;
  /** Types; `\r` is Enter, `\u0003` Ctrl-C, `\u0004` Ctrl-D. */
  readonly type: (keys: string) => void;
  /** Closes it, as a lost connection does. */
  readonly close: () => void;
  readonly ended: Promise<Ended>;
}

/** How a terminal is set up. */
export interface TerminalOptions {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A shell line around the command, which stands in it as `kw`. */
  readonly line?: string;
  /** Keys that are in the terminal's buffer before the command starts. */
  readonly typedAhead?: string;
}

/** Opens a pseudo-terminal (by util-linux's `script`) and starts the command in it. */
export async function openTerminal(
  place: Place,
  args: readonly string[],
  { columns = 100, env = {}, line, typedAhead }: TerminalOptions = {},
): Promise<Terminal> {
  const main = await builtCommand();
  const command = [commandNode, main, ...args].map(quote).join(' ');
  const inside = line === undefined ? `exec ${command}` : line.replace(/(?<![\w/.-])kw(?![\w/.-])/, () => command);
  const started = place.program(
    'script',
    ['--quiet', '--return', '--flush', '--command', `stty cols ${columns} rows 40; ${inside}`, '/dev/null'],
    {
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
      keepsInputOpen: true,
      input: typedAhead ?? '',
    },
  );
  return {
    bytes: started.stdout,
    shows: started.shows,
    type: (keys) => {
      started.child.stdin?.write(keys);
    },
    close: () => {
      started.child.kill('SIGKILL');
    },
    ended: started.ended,
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
