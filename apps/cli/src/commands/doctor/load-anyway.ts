import { loadConfig } from '@kw/runtime';
import type { LoadedConfig } from '@kw/runtime';
import type { CommandLine } from '../../args.ts';
import type { CliHost } from '../../host.ts';

/** A configuration, or what is left of it where it is broken. */
export interface LoadedAnyway {
  readonly loaded: LoadedConfig;
  /** Why the whole of it could not be taken. */
  readonly broken?: unknown;
}

/** Reads the configuration; where that fails, goes on with what flags and variables say, or with the defaults. */
export async function loadAnyway({ flags }: CommandLine, { env, home, readFile }: CliHost): Promise<LoadedAnyway> {
  try {
    return { loaded: await loadConfig({ env, home, flags, readFile }) };
  } catch (broken) {
    const { config: _, ...others } = flags;
    const nowhere = async (): Promise<undefined> => undefined;
    const attempts = [
      { env: { ...env, KW_CONFIG: undefined }, flags: others },
      { env: {}, flags: {} },
    ];
    for (const attempt of attempts) {
      const loaded = await loadConfig({ ...attempt, home, readFile: nowhere }).catch(() => undefined);
      if (loaded !== undefined) return { loaded, broken };
    }
    throw broken;
  }
}
