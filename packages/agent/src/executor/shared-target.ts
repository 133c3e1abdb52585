import { openOnce } from '../drive/open-once.ts';
import type { OpenTarget, RunTarget, TargetSource } from '../target.ts';

/** Opens a target for calls that come one after the other: the same one stays open, another one takes its place. */
export interface SharedTargets {
  /** The way to the open target, and the way to give it back. */
  use(target: RunTarget): { readonly open: () => Promise<OpenTarget | undefined>; readonly release: () => Promise<void> };
  close(): Promise<void>;
}

interface Held {
  readonly key: string;
  readonly lazy: ReturnType<typeof openOnce>;
  users: number;
  retired: boolean;
}

/** Makes a holder over a source. */
export function sharedTargets(source: TargetSource): SharedTargets {
  let current: Held | undefined;
  const retire = async (held: Held | undefined): Promise<void> => {
    if (held === undefined) return;
    held.retired = true;
    if (held.users === 0) await held.lazy.close();
  };
  return {
    use: (target) => {
      const key = JSON.stringify([target.fingerprint, target.context, target.namespace ?? '']);
      if (current?.key !== key) {
        void retire(current).catch(() => undefined); // only its temporary files are concerned
        current = { key, lazy: openOnce(() => source.open(target)), users: 0, retired: false };
      }
      const held = current;
      held.users += 1;
      return {
        open: held.lazy.open,
        release: async () => {
          held.users -= 1;
          if (held.retired && held.users === 0) await held.lazy.close();
        },
      };
    },
    close: async () => {
      const last = current;
      current = undefined;
      if (last !== undefined) await last.lazy.close();
    },
  };
}
