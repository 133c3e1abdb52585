import type { OutputRef } from '@kw/agent';

/** Something that was shown in short and can be shown whole. */
export type Fold =
  | { readonly type: 'output'; readonly ref: OutputRef; readonly command: string }
  | { readonly type: 'thinking'; readonly text: string };

/** What was folded in a session, the latest last. */
export interface Folds {
  add(fold: Fold): void;
  /** The latest of all, or of a kind. */
  latest(type?: Fold['type']): Fold | undefined;
  /** The command whose output this is; undefined where it was not shown here. */
  commandOf(ref: OutputRef): string | undefined;
  clear(): void;
}

/** Thoughts beyond so many characters lose their beginning. */
const maxThinking = 256 * 1024;
const maxFolds = 500;

/** Remembers what was folded. */
export function createFolds(): Folds {
  let folds: readonly Fold[] = [];
  return {
    add: (fold) => {
      folds = [...folds.slice(-maxFolds), fold.type === 'thinking' ? { ...fold, text: fold.text.slice(-maxThinking) } : fold];
    },
    latest: (type) => folds.findLast((fold) => type === undefined || fold.type === type),
    commandOf: (ref) => {
      const fold = folds.findLast((one) => one.type === 'output' && one.ref === ref);
      return fold?.type === 'output' ? fold.command : undefined;
    },
    clear: () => {
      folds = [];
    },
  };
}
