import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from './command.ts';

/** Puts a program of one's own in front of the PATH of a place; gives that PATH. */
export async function putOnPath(place: Place, name: string, script: string, mode = 0o755): Promise<string> {
  const folder = join(place.home, 'bin');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), script);
  await chmod(join(folder, name), mode);
  return `${folder}:${place.env['PATH'] ?? ''}`;
}

/** A kubeconfig that names a server which nobody has to answer; gives its path. */
export async function kubeconfigOf(place: Place, server = 'http://127.0.0.1:9'): Promise<string> {
  const path = join(place.home, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'stub',
    contexts: [{ name: 'stub', context: { cluster: 'stub', user: 'stub', namespace: 'shop' } }],
    clusters: [{ name: 'stub', cluster: { server } }],
    users: [{ name: 'stub', user: { token: 'stub-token-0123456789' } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
