import { metaNames } from './meta.ts';

/** What may stand at the cursor, told apart by `type`; `from` is where the word begins. */
export type WordAt =
  | { readonly type: 'meta' | 'model' | 'session' | 'namespace' | 'kind'; readonly from: number; readonly word: string }
  /** `path` is what is completed; it begins at `from`. */
  | { readonly type: 'file'; readonly from: number; readonly word: string }
  /** Names of one kind, as in `pod web-` and `pod/web-`. */
  | { readonly type: 'name'; readonly from: number; readonly word: string; readonly kind: string; readonly namespace?: string }
  /** Anything that the cluster knows. */
  | { readonly type: 'any'; readonly from: number; readonly word: string; readonly namespace?: string };

/** Tells what the word before the cursor may be, by what stands before it. */
export function wordAt(text: string, cursor: number): WordAt {
  const before = text.slice(0, cursor);
  const from = Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n')) + 1;
  const word = before.slice(from);
  const words = before
    .slice(0, from)
    .split(/\s+/)
    .filter((one) => one !== '');
  const previous = words.at(-1);
  const [first = ''] = words;
  const command = first.replace(/^\//, '');
  if (words.length === 0 && word.startsWith('/') && !word.slice(1).includes('/'))
    return { type: 'meta', from: from + 1, word: word.slice(1) };
  if (words.length === 1 && command === 'model') return { type: 'model', from, word };
  if (words.length === 1 && command === 'resume') return { type: 'session', from, word };
  if (word.startsWith('@')) return { type: 'file', from: from + 1, word: word.slice(1) };
  if (/^(?:\.{1,2}|~)?\//.test(word)) return { type: 'file', from, word };
  if (previous === '-n' || previous === '--namespace' || previous === 'namespace' || previous === 'ns')
    return { type: 'namespace', from, word };
  const assigned = /^(?:-n=|--namespace=)(.*)$/.exec(word);
  if (assigned !== null) return { type: 'namespace', from: cursor - (assigned[1] ?? '').length, word: assigned[1] ?? '' };
  const namespace = /(?:^|\s)(?:-n|--namespace)[ =](\S+)/.exec(text)?.[1];
  const scope = namespace === undefined ? {} : { namespace };
  const slash = /^([a-z][\w.-]*)\/(.*)$/i.exec(word);
  if (slash !== null) return { type: 'name', from: cursor - (slash[2] ?? '').length, word: slash[2] ?? '', kind: slash[1] ?? '', ...scope };
  if (previous !== undefined && /^[a-z][a-z.]*$/i.test(previous) && words.length > 0)
    return { type: 'name', from, word, kind: previous, ...scope };
  if (words.length === 0 && metaNames.some((name) => word !== '' && name.startsWith(word.toLowerCase())))
    return { type: 'meta', from, word };
  return { type: 'any', from, word, ...scope };
}
