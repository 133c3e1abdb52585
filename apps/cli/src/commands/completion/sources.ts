import { createRuntime, loadConfig, loadInspector } from '@kw/runtime';
import type { LoadedConfig, OptionKey, Runtime } from '@kw/runtime';
import { flagTable } from '../../args.ts';
import type { CliHost } from '../../host.ts';
import type { CompletionSources } from './candidates.ts';

/** More sessions are no help. */
const listed = 50;

/** Reads what completion needs from the configuration, the kubeconfig and the store; asks no server. */
export function completionSources(host: CliHost, words: readonly string[]): CompletionSources {
  const load = (): Promise<LoadedConfig> => loadConfig({ env: host.env, home: host.home, flags: placesIn(words), readFile: host.readFile });
  const withRuntime = async <T>(read: (runtime: Runtime) => Promise<readonly T[]>): Promise<readonly T[]> => {
    const { env, home, userId, userName } = host;
    const { config } = await load();
    const runtime = await createRuntime(config, { env, home, userId, userName, version: 'completion' });
    try {
      return await read(runtime);
    } finally {
      await runtime.close();
    }
  };
  return {
    sessions: orNothing(() =>
      withRuntime(async ({ sessionsApi }) =>
        (await sessionsApi.list({ limit: listed })).map(({ id, title }) => ({ value: id, meaning: title.replaceAll(/\s+/g, ' ') })),
      ),
    ),
    contexts: orNothing(() => withRuntime(async ({ targets }) => (await targets.contexts()).map((value) => ({ value })))),
    mcpServers: orNothing(async () => {
      const { env, home, userId, userName } = host;
      const { mcp } = await loadInspector();
      const { servers = [] } = await mcp((await load()).config, { env, home, userId, userName, version: 'completion' });
      return servers.map(({ name }) => ({ value: name }));
    }),
    providers: orNothing(async () => Object.keys((await load()).config.providers)),
  };
}

/** What can not be read completes nothing. */
function orNothing<T>(read: () => Promise<readonly T[]>): () => Promise<readonly T[]> {
  return async () => {
    try {
      return await read();
    } catch {
      return [];
    }
  };
}

const places: readonly OptionKey[] = ['config', 'kubeconfig', 'state-dir'];

/** The flags among unfinished words that say where files are. */
function placesIn(words: readonly string[]): Partial<Record<OptionKey, string>> {
  const known = flagTable();
  const found = new Map<OptionKey, string>();
  for (const [index, word] of words.slice(0, -1).entries()) {
    const at = word.indexOf('=');
    const flag = known.get(at === -1 ? word : word.slice(0, at));
    const key = places.find((place) => place === flag?.key);
    const value = at === -1 ? words[index + 1] : word.slice(at + 1);
    if (key !== undefined && value !== undefined && value !== '') found.set(key, value);
  }
  return Object.fromEntries(found);
}
