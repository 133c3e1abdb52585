import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ProcessEnd, ProcessEvent } from '../../src/process/run-process.ts';
import { runProcess } from '../../src/process/run-process.ts';

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly end: ProcessEnd | undefined;
  readonly ms: number;
}

async function bash(
  script: string,
  options: { timeoutMs?: number; signal?: AbortSignal; input?: string; onText?: (text: string) => void } = {},
): Promise<Ran> {
  const started = performance.now();
  let stdout = '';
  let stderr = '';
  let end: ProcessEnd | undefined;
  const { timeoutMs = 20_000, signal = new AbortController().signal, input, onText } = options;
  const events: AsyncIterable<ProcessEvent> = runProcess({
    file: '/bin/bash',
    args: ['--norc', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    cwd: tmpdir(),
    signal,
    timeoutMs,
    ...(input === undefined ? {} : { input }),
  });
  for await (const event of events) {
    if (event.type === 'end') end = event;
    else if (event.stream === 'stdout') {
      stdout += event.text.length > 100_000 ? '' : event.text;
      onText?.(event.text);
    } else stderr += event.text;
  }
  return { stdout, stderr, end, ms: performance.now() - started };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  const until = performance.now() + 2_000;
  while (alive(pid) && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  return !alive(pid);
}

describe('runProcess', () => {
  it('yields both outputs and the exit code', async () => {
    const ran = await bash('echo out; echo err >&2; exit 3');
    expect(ran).toMatchObject({ stdout: 'out\n', stderr: 'err\n', end: { how: 'exited', exitCode: 3 } });
  });

  it('passes its input on and closes it', async () => {
    expect((await bash('cat', { input: 'hello' })).stdout).toBe('hello');
    expect((await bash('cat')).stdout).toBe('');
  });

  it('gives the child only the environment that it was given', async () => {
    const ran = await bash('env');
    expect(ran.stdout.split('\n').filter((line) => !/^(PATH|PWD|SHLVL|_)=|^$/.test(line))).toEqual([]);
  });

  it('shows invalid UTF-8 as replacement characters and keeps characters that a chunk border cuts', async () => {
    expect((await bash(String.raw`printf '\xff\xfe ok'`)).stdout).toBe('\ufffd\ufffd ok');
    expect((await bash(String.raw`printf '\xe4\xb8'; sleep 0.05; printf '\xad'`)).stdout).toBe('中');
  });

  it('says why a program did not start', async () => {
    const events: ProcessEvent[] = [];
    const run = runProcess({
      file: '/no/such/kubectl',
      args: [],
      env: {},
      cwd: tmpdir(),
      signal: new AbortController().signal,
      timeoutMs: 1000,
    });
    for await (const event of run) events.push(event);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'end', how: 'not-started', reason: expect.stringContaining('ENOENT') });
  });

  it('ends the whole group on abort within a second', async () => {
    const controller = new AbortController();
    let pid = 0;
    const ran = await bash('sleep 60 & echo $!; wait', {
      signal: controller.signal,
      onText: (text) => {
        pid = Number(text);
        controller.abort();
      },
    });
    expect(ran.end?.how).toBe('aborted');
    expect(ran.ms).toBeLessThan(1_500);
    expect(await gone(pid)).toBe(true);
  });

  it('kills a group that ignores SIGTERM five seconds later', async () => {
    const ran = await bash(`trap '' TERM; echo ready; while true; do sleep 0.2; done`, { timeoutMs: 300 });
    expect(ran.end?.how).toBe('timeout');
    expect(ran.ms).toBeGreaterThan(4_900);
    expect(ran.ms).toBeLessThan(8_000);
  });

  it('returns in under two seconds although a descendant keeps the pipe open, and ends it', async () => {
    const ran = await bash('sleep 60 & echo $!; exit 0');
    expect(ran.end).toMatchObject({ how: 'exited', exitCode: 0 });
    expect(ran.ms).toBeLessThan(2_000);
    expect(await gone(Number(ran.stdout))).toBe(true);
  });

  it('holds a child back while nobody reads: a gigabyte passes through bounded memory', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--no-warnings',
      new URL('fixtures/drain.ts', import.meta.url).pathname,
    ]);
    const drained: unknown = JSON.parse(stdout);
    expect(drained).toMatchObject({ bytes: 1_000_000_000 });
    expect(Reflect.get(Object(drained), 'maxRssKilobytes')).toBeLessThan(250_000);
  });

  it('ends the process when its reader leaves', async () => {
    let pid = 0;
    const run = runProcess({
      file: '/bin/bash',
      args: ['-c', 'echo $$; sleep 60'],
      env: { PATH: '/usr/bin:/bin' },
      cwd: tmpdir(),
      signal: new AbortController().signal,
      timeoutMs: 20_000,
    });
    for await (const event of run) {
      if (event.type === 'output') pid = Number(event.text);
      break;
    }
    expect(await gone(pid)).toBe(true);
  });
});
