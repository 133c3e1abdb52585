import type { OpenTarget } from '../target.ts';

/** A target that is opened at its first use and closed at the end. */
export interface LazyTarget {
  readonly open: () => Promise<OpenTarget | undefined>;
  readonly close: () => Promise<void>;
}

/** Opens at the first call; a failure is told to each caller and tried again by the next. */
export function openOnce(open: () => Promise<OpenTarget | undefined>): LazyTarget {
  let opening: Promise<OpenTarget | undefined> | undefined;
  return {
    open: () => {
      opening ??= open().catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      return opening;
    },
    close: async () => {
      const opened = await opening?.catch(() => undefined); // told to whoever asked for it
      await opened?.close();
    },
  };
}
