import type { ConfigChanges, Inspector, LoadedConfig, RuntimeHost } from '@kw/runtime';
import { editConfig, loadConfig } from '@kw/runtime';
import type { CommandLine } from '../../args.ts';
import type { CliHost } from '../../host.ts';

/** The models of a configuration that may not be written yet. */
export type DraftModels = ReturnType<Inspector['models']>;

/** A file as it would be, and what the program would make of it. */
export interface Draft {
  readonly text: string;
  readonly loaded: LoadedConfig;
}

/** What a draft is made from. */
export interface DraftSource {
  readonly path: string;
  /** The file as it is; empty where there is none. */
  readonly before: string;
  readonly line: CommandLine;
  readonly host: CliHost;
}

/** Makes the file with some changes and reads it as the program would, variables and other flags included. Throws KwError `bad-configuration`. */
export async function draft({ path, before, line, host }: DraftSource, changes: ConfigChanges): Promise<Draft> {
  const text = await editConfig(before, changes);
  const { 'llm-provider': _provider, model: _model, context: _context, lang: _lang, config: _config, ...others } = line.flags;
  const loaded = await loadConfig({
    env: host.env,
    home: host.home,
    flags: { ...others, config: path },
    readFile: async (asked) => (asked === path ? { text, mode: 0o600 } : host.readFile(asked)),
  });
  return { text, loaded };
}

/** The models of a draft; to be closed. */
export function modelsOf({ loaded }: Draft, inspector: Inspector, host: RuntimeHost): DraftModels {
  return inspector.models(loaded.config, host);
}

/** The configuration file that is meant: the flag's, the variable's, or the default one. */
export function pathOfFile({ flags }: CommandLine, { env, home }: CliHost): string {
  const named = typeof flags.config === 'string' ? flags.config : env['KW_CONFIG'] || undefined;
  if (named === undefined) return `${home}/.config/kubelet-wuhrai/config.yaml`;
  return named.startsWith('~/') ? `${home}${named.slice(1)}` : named;
}
