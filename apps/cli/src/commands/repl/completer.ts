import { readdir } from 'node:fs/promises';
import type { Candidates, Complete } from '../../terminal/complete.ts';
import type { ClusterWords } from './cluster-words.ts';
import { metaNames } from './meta.ts';
import { wordAt } from './word-at.ts';

/** Where candidates come from. */
export interface CompleterSources {
  readonly home: string;
  readonly cluster: ClusterWords;
  readonly models: () => Promise<readonly string[]>;
  readonly sessions: () => Promise<readonly string[]>;
}

/** Completes commands, models, sessions, files, and what the cluster knows. */
export function createCompleter({ home, cluster, models, sessions }: CompleterSources): Complete {
  const any = async (word: string, namespace: string | undefined): Promise<readonly string[]> => {
    // One letter fits half of the cluster.
    if (word.length < 2) return [];
    return (await Promise.all([cluster.kinds(), cluster.namespaces(), cluster.common(namespace)])).flat();
  };
  const find = async (text: string, cursor: number): Promise<Candidates> => {
    const at = wordAt(text, cursor);
    const { from, word } = at;
    const fitting = (words: readonly string[]): Candidates => ({ from, words: fittingTo(word, words) });
    switch (at.type) {
      case 'meta':
        return fitting(text.startsWith('/') ? metaNames : [...metaNames, ...(await any(word, undefined))]);
      case 'model':
        return fitting(await models());
      case 'session':
        return fitting(['latest', ...(await sessions())]);
      case 'namespace':
        return fitting(await cluster.namespaces());
      case 'kind':
        return fitting(await cluster.kinds());
      case 'file':
        return { from, words: await files(word, home) };
      case 'name': {
        const names = await cluster.names(at.kind, at.namespace);
        return fitting(names ?? (await any(word, at.namespace)));
      }
      case 'any':
        return fitting(await any(word, at.namespace));
    }
  };
  return (text, cursor) => find(text, cursor).catch(() => ({ from: cursor, words: [] }));
}

/** Words that begin as it was typed, whatever the case, each once and in order. */
function fittingTo(word: string, words: readonly string[]): readonly string[] {
  const typed = word.toLowerCase();
  return [...new Set(words)].filter((one) => one.toLowerCase().startsWith(typed) && !/[\s\p{Cc}\p{Cf}]/u.test(one)).toSorted();
}

/** Paths that begin as it was typed; folders end with a slash. */
async function files(word: string, home: string): Promise<readonly string[]> {
  const slash = word.lastIndexOf('/') + 1;
  const folder = word.slice(0, slash);
  const start = word.slice(slash);
  const place = folder === '' ? '.' : folder.replace(/^~(?=\/)/, home);
  const entries = await readdir(place, { withFileTypes: true });
  return entries
    .filter(({ name }) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')) && /^[^\s\p{Cc}\p{Cf}]+$/u.test(name))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .toSorted();
}
