import type { OpenTarget, TargetSource } from '@kw/agent';

/** Every secret value that this process holds, known to the redactor as soon as it is known at all. */
export interface Secrets {
  /** The same array while nothing was added. */
  readonly values: () => readonly string[];
  /** The same source; what its open targets hold (tokens, passwords, keys) becomes known, also where it is renewed. */
  readonly watch: (targets: TargetSource) => TargetSource;
}

/** Collects secrets, beginning with those of the configuration; `more` gives those that were fetched since. */
export function createSecrets(known: readonly string[], more: () => readonly string[] = () => []): Secrets {
  let values = known;
  const open = new Set<HoldsSecrets>();
  const refresh = (): readonly string[] => {
    const found = [...more(), ...[...open].flatMap((holder) => holder.secrets())];
    const fresh = found.filter((value) => value.length >= minLength && !values.includes(value));
    if (fresh.length > 0) values = [...values, ...fresh];
    return values;
  };
  return {
    values: refresh,
    watch: (targets) => ({
      ...targets,
      open: async (target, signal) => {
        const opened = await targets.open(target, signal);
        if (!holdsSecrets(opened)) return opened;
        open.add(opened);
        return {
          ...opened,
          close: async () => {
            refresh();
            open.delete(opened);
            await opened.close();
          },
        };
      },
    }),
  };
}

/** A shorter value would blot out ordinary words. */
const minLength = 8;

interface HoldsSecrets extends OpenTarget {
  secrets(): readonly string[];
}

function holdsSecrets(target: OpenTarget): target is HoldsSecrets {
  return 'secrets' in target && typeof target.secrets === 'function';
}
