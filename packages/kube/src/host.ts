import { readFileSync, readlinkSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { crypto } from './builtins.ts';
import { runProgram } from './credentials/run-program.ts';
import type { Program, ProgramResult } from './credentials/run-program.ts';

/** Where the kubelet mounts the credentials of a pod's service account. */
export const serviceAccountDirectory: string = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Everything of the surroundings that this package looks at; tests and embedders replace what they like. */
export interface KubeHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  /** Relative paths in KUBECONFIG start here. */
  readonly workingDirectory: string;
  readonly temporaryDirectory: string;
  /** A folder of a file system that is kept in memory, for tokens of others. */
  readonly memoryDirectory: string;
  /** Where a pod's token, ca.crt and namespace are. */
  readonly serviceAccountDirectory: string;
  readonly userId: number | undefined;
  /** This process, told apart from earlier ones with the same number. */
  readonly process: ProcessIdentity;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Fresh random bytes as hex. */
  randomHex(bytes: number): string;
  /** Runs an exec credential plugin. */
  run(program: Program): Promise<ProgramResult>;
  /** Whether a process that left a directory behind still lives. */
  isAlive(owner: ProcessIdentity): boolean;
  /** Calls back when the process exits without having closed its targets; returns the way to call it off. */
  onExit(cleanUp: () => void): () => void;
}

/** A process, for the sweeping of what dead ones left. */
export interface ProcessIdentity {
  /** Machine and process-id namespace; ids are only comparable within one. */
  readonly scope: string;
  readonly id: number;
  /** Start in clock ticks where the system tells, else '0'. */
  readonly start: string;
}

/** The real surroundings of this process, read when it is called. */
export function nodeHost(overrides: Partial<KubeHost> = {}): KubeHost {
  const scope = processScope();
  return {
    env: process.env,
    homeDirectory: process.env['HOME'] ?? homedir(),
    workingDirectory: process.cwd(),
    temporaryDirectory: tmpdir(),
    memoryDirectory: '/dev/shm',
    serviceAccountDirectory,
    userId: process.getuid?.(),
    process: { scope, id: process.pid, start: startOf(process.pid) },
    now: () => Date.now(),
    sleep: async (milliseconds, signal) => {
      try {
        await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
    randomHex: (bytes) => crypto().randomBytes(bytes).toString('hex'),
    run: runProgram,
    isAlive: (owner) => owner.scope === scope && isRunning(owner.id) && startOf(owner.id) === owner.start,
    onExit: createExitHook(),
    ...overrides,
  };
}

// One listener however many targets are open.
function createExitHook(): KubeHost['onExit'] {
  const pending = new Set<() => void>();
  const runAll = (): void => {
    for (const cleanUp of pending) cleanUp();
  };
  return (cleanUp) => {
    if (pending.size === 0) process.on('exit', runAll);
    pending.add(cleanUp);
    return () => {
      pending.delete(cleanUp);
      if (pending.size === 0) process.off('exit', runAll);
    };
  };
}

function processScope(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // not Linux: the host's name alone tells process tables apart
  }
  return crypto().createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 12);
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

// Field 22 of /proc/PID/stat; the fields before it may hold spaces only inside the parentheses of field 2.
function startOf(id: number): string {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}
