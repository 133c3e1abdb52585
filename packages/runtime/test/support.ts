import type { AgentEvent } from '@kw/agent';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/config/config.ts';
import type { Flags } from '../src/config/given.ts';
import { loadConfig } from '../src/config/load.ts';
import type { Runtime, RuntimeOptions } from '../src/create-runtime.ts';
import { createRuntime } from '../src/create-runtime.ts';
import type { RuntimeHost } from '../src/host.ts';

/** A person's place: an empty home with what a runtime needs. */
export interface Place {
  readonly home: string;
  readonly host: RuntimeHost;
  readonly config: (flags?: Flags, file?: string) => Promise<Config>;
  readonly runtime: (flags?: Flags, options?: RuntimeOptions) => Promise<Runtime>;
  readonly remove: () => Promise<void>;
}

/** Makes a place; only the given variables are in its environment. */
export async function createPlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'kw-runtime-test-'));
  const host: RuntimeHost = { env: { TMPDIR: home, ...env }, home, userId: process.getuid?.(), userName: 'tester', version: '1.2.3' };
  const open: Runtime[] = [];
  const config: Place['config'] = async (flags = {}, file) => {
    const readFile = async (): Promise<{ text: string; mode: number } | undefined> =>
      file === undefined ? undefined : { text: file, mode: 0o600 };
    return (await loadConfig({ env: host.env, home, flags, readFile })).config;
  };
  return {
    home,
    host,
    config,
    runtime: async (flags, options) => {
      const made = await createRuntime(await config(flags), host, options);
      open.push(made);
      return made;
    },
    remove: async () => {
      for (const runtime of open) await runtime.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** All events of a question. */
export async function ask(runtime: Runtime, text: string, session?: string): Promise<readonly AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of runtime.run({ text, settings: { approvals: 'none' }, ...(session === undefined ? {} : { session }) }))
    events.push(event);
  return events;
}
