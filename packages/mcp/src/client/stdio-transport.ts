import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn as nodeSpawn } from 'node:child_process';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { lineReader } from './line-reader.ts';
import { killAtExit, signalGroup } from './process-group.ts';

/** Starts a child; `node:child_process`'s own, or a test's. */
export type Spawn = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** A program that speaks MCP on its standard streams. */
export interface StdioOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly spawn?: Spawn;
}

/** A transport that knows what its program said at its end. */
export interface StdioTransport extends Transport {
  /** The last lines of standard error, at most 2 KiB. */
  lastWords(): string;
}

const maxLineBytes = 32 * 1024 * 1024;
const maxWords = 2_048;
const stdinGraceMs = 400;
const termGraceMs = 900;
const killedGraceMs = 300;

/**
 * Starts a program without a shell in a process group of its own. Closing ends its input, then the whole group: TERM after 0.4 s, KILL 0.9 s later.
 * A line that begins like a message and is none ends the connection, so that nobody waits for the answer that it may have been.
 */
export function stdioTransport({ command, args, env, cwd, spawn = nodeSpawn }: StdioOptions): StdioTransport {
  let child: ChildProcess | undefined;
  let words = '';
  let gone: Promise<void> | undefined;
  let closed = false;

  const end = (): void => {
    if (closed) return;
    closed = true;
    transport.onclose?.();
  };
  const fail = (error: Error): void => {
    transport.onerror?.(error);
    void close();
  };
  const receive = (line: string): void => {
    if (line.trim() === '') return;
    let message: JSONRPCMessage;
    try {
      message = JSONRPCMessageSchema.parse(JSON.parse(line));
    } catch {
      const error = new Error(`it wrote a line that is no message: ${JSON.stringify(line.slice(0, 80))}`);
      if (line.trimStart().startsWith('{')) fail(error);
      else transport.onerror?.(error); // a greeting that strayed to standard output
      return;
    }
    transport.onmessage?.(message);
  };
  const close = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || gone === undefined) return end();
    running.stdin?.end();
    const over = async (ms: number): Promise<boolean> => atMost(gone, ms);
    if (!(await over(stdinGraceMs))) {
      signalGroup(running, 'SIGTERM');
      if (!(await over(termGraceMs))) signalGroup(running, 'SIGKILL');
    }
    signalGroup(running, 'SIGKILL'); // what it left behind in its group
    await over(killedGraceMs);
    end();
  };

  const transport: StdioTransport = {
    lastWords: () => words.trim(),
    start: () =>
      new Promise((resolve, reject) => {
        const started = spawn(command, args, { cwd, env: { ...env }, detached: true, shell: false, stdio: ['pipe', 'pipe', 'pipe'] });
        child = started;
        const reader = lineReader(maxLineBytes);
        const callOff = killAtExit(started);
        gone = new Promise((left) => {
          started.once('exit', () => {
            callOff();
            signalGroup(started, 'SIGKILL');
            left();
          });
          started.once('error', () => {
            if (started.pid === undefined) callOff();
            left();
          });
        });
        started.once('spawn', () => resolve());
        started.once('error', (error) => {
          reject(error);
          transport.onerror?.(error);
          end();
        });
        started.once('close', (code, signal) => {
          if (child === started && (code ?? 0) !== 0) transport.onerror?.(new Error(`it ended with ${signal ?? `exit code ${code}`}`));
          child = undefined;
          end();
        });
        started.stdin?.on('error', () => undefined); // a program that does not read any more ends by itself
        started.stderr?.on('data', (chunk: Uint8Array) => {
          words = (words + new TextDecoder().decode(chunk)).slice(-maxWords);
        });
        started.stdout?.on('data', (chunk: Uint8Array) => {
          try {
            for (const line of reader.read(chunk)) receive(line);
          } catch (error) {
            fail(error instanceof Error ? error : new Error(String(error)));
          }
        });
      }),
    send: (message) =>
      new Promise((resolve, reject) => {
        const stdin = child?.stdin;
        if (stdin === undefined || stdin === null || !stdin.writable) reject(new Error('it is not running'));
        else if (stdin.write(`${JSON.stringify(message)}\n`)) resolve();
        else stdin.once('drain', resolve);
      }),
    close,
  };
  return transport;
}

async function atMost(promise: Promise<void> | undefined, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const inTime = await Promise.race([Promise.resolve(promise).then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
