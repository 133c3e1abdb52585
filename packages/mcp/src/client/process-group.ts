import type { ChildProcess } from 'node:child_process';

const groups = new Set<() => void>();

function killAll(): void {
  for (const kill of groups) kill();
}

/** Kills a child's group when this process exits; returns the way to call it off. */
export function killAtExit(child: ChildProcess): () => void {
  const kill = (): void => signalGroup(child, 'SIGKILL');
  if (groups.size === 0) process.on('exit', killAll);
  groups.add(kill);
  return () => {
    groups.delete(kill);
    if (groups.size === 0) process.off('exit', killAll);
  };
}

/** Signals a child and all that it started in its group; a group that is gone is no fault. */
export function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
