import { hasOpaque } from './opaque.ts';

/** Where a manifest would come from, by its name alone. */
export type Place = 'local' | 'stdin' | 'remote' | 'not-known';

/** Where `-f NAME` reads from. */
export function placeOfFile(name: string): Place {
  if (name === '-' || name === '/dev/stdin' || name === '/dev/fd/0' || name === '/proc/self/fd/0') return 'stdin';
  if (hasOpaque(name) && !/^(?:\.{0,2}\/|\w[\w.-]*\/)/.test(name)) return 'not-known';
  return name.includes('://') ? 'remote' : 'local';
}

/** Where `-k NAME` and `kustomize NAME` read from: everything that is not plainly a path may be a repository that is fetched. */
export function placeOfKustomization(name: string): Place {
  if (hasOpaque(name) && !/^\.{0,2}\//.test(name)) return 'not-known';
  const isPath = /^(?:\.{0,2}\/|\.{1,2}$|[A-Za-z0-9_-]+(?:\/|$))/.test(name) && !/:|@|\?|\/\/|\.git(?:\/|$)/.test(name);
  return isPath ? 'local' : 'remote';
}
