import { delimiter, join, resolve } from 'node:path';
import { isKubeError, KubeError } from '../errors.ts';
import { readBoundedFile } from '../files.ts';
import type { KubeHost } from '../host.ts';
import { quote, systemCodeOf } from '../text.ts';
import { mergeKubeconfigs } from './merge.ts';
import { parseKubeconfig } from './parse.ts';
import type { Kubeconfig } from './types.ts';

/** A file with 500 clusters and their certificates has about 3 MB. */
const maxKubeconfigBytes = 4 * 1024 * 1024;
const maxKubeconfigFiles = 64;

/** Which kubeconfig is meant. */
export interface KubeconfigWish {
  /** One file, named by the user: it must exist. */
  readonly kubeconfig?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads the named kubeconfig, or the list in KUBECONFIG, or `~/.kube/config`. Files of the list and the default file may be
 * missing. Throws `kubeconfig-unreadable` or `kubeconfig-invalid`, naming the file.
 */
export async function loadKubeconfig(host: KubeHost, wish: KubeconfigWish = {}): Promise<Kubeconfig> {
  const { kubeconfig, signal } = wish;
  const paths = kubeconfig === undefined ? defaultKubeconfigPaths(host) : [resolve(host.workingDirectory, kubeconfig)];
  if (paths.length > maxKubeconfigFiles) {
    throw new KubeError('kubeconfig-invalid', `KUBECONFIG names ${paths.length} files; at most ${maxKubeconfigFiles} are read.`);
  }
  const configs: Kubeconfig[] = [];
  for (const path of paths) configs.push(await loadFile(path, kubeconfig === undefined, signal));
  return mergeKubeconfigs(configs);
}

/** The files of KUBECONFIG, else `~/.kube/config`, as absolute paths without repeats. */
export function defaultKubeconfigPaths(host: KubeHost): readonly string[] {
  const listed = (host.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  const paths = listed.length > 0 ? listed : [join(host.homeDirectory, '.kube', 'config')];
  return [...new Set(paths.map((path) => resolve(host.workingDirectory, path)))];
}

async function loadFile(path: string, mayBeMissing: boolean, signal: AbortSignal | undefined): Promise<Kubeconfig> {
  let text: string;
  try {
    text = await readBoundedFile(path, { what: 'kubeconfig', maxBytes: maxKubeconfigBytes, code: 'kubeconfig-unreadable', signal });
  } catch (error) {
    const missing = isKubeError(error) && ['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error.cause) ?? '');
    if (!missing || !mayBeMissing) throw error;
    return { files: [], missing: [path], clusters: new Map(), users: new Map(), contexts: new Map() };
  }
  return parseKubeconfig(text, path);
}

/** Whether no file says anything, so that a pod's own service account may be meant. */
export function isEmptyKubeconfig(config: Kubeconfig): boolean {
  return config.clusters.size === 0 && config.users.size === 0 && config.contexts.size === 0 && config.currentContext === undefined;
}

/** The files that were looked at, for messages. */
export function describeFiles(config: Kubeconfig): string {
  const files = [...config.files, ...config.missing].map((path) => quote(path, 200));
  return files.length > 4 ? `${files.slice(0, 4).join(', ')} and ${files.length - 4} more` : files.join(', ');
}
