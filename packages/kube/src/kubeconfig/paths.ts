import { dirname, isAbsolute, resolve } from 'node:path';

/** A path that a kubeconfig file names, as an absolute one: relative paths start at the folder of the file. */
export function besideFile(path: string, source: string): string {
  return isAbsolute(path) ? path : resolve(dirname(source), path);
}
