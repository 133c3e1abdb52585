import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A server in a process of its own. */
export interface Replica {
  readonly url: string;
  /** Kills it with -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Where replicas live. */
export interface ReplicaOptions {
  /** Home and state directory. */
  readonly directory: string;
  /** Base URL of the model. */
  readonly endpoint: string;
}

/** Starts a replica; resolves when it listens. */
export async function startReplica({ directory, endpoint }: ReplicaOptions): Promise<Replica> {
  const child = spawn(process.execPath, ['--conditions=@kw/source', join(import.meta.dirname, 'fixtures', 'replica.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      XDG_STATE_HOME: join(directory, 'state'),
      OPENAI_ENDPOINT: endpoint,
      OPENAI_API_KEY: 'none',
    },
  });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return {
    url: await firstLine(child),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      if (output.includes('\n')) resolve(output.trim());
    });
    child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('close', (code) => reject(new Error(`a replica ended with ${code}: ${errors}`)));
    child.once('error', reject);
  });
}
