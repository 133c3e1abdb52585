import type { Preset } from '@kw/providers';
import { presets } from '@kw/providers';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { proxySecrets } from './network/proxy.ts';

/** Where keys come from. */
export interface KeySources {
  readonly config: Config;
  readonly env: RuntimeHost['env'];
}

/** The file's key for a provider; variables are stronger, so undefined where one of the provider's variables is set. */
export function keyOf(provider: string, preset: Preset | undefined, { config, env }: KeySources): string | undefined {
  const fromEnvironment = preset?.keyVariables.some((name) => (env[name] ?? '').trim() !== '') === true;
  if (fromEnvironment) return undefined;
  const names = new Set([provider, preset?.id ?? provider, ...(preset?.aliases ?? [])]);
  return Object.entries(config.apiKeys).find(([name]) => names.has(name))?.[1];
}

/** Every key and password that this process was given. */
export function keysOf(config: Config, env: RuntimeHost['env']): readonly string[] {
  const variables = [...config.presets, ...presets].flatMap(({ keyVariables }) => keyVariables);
  const doors = [config.authToken, ...config.service.tokens.map(({ token }) => token)];
  const values = [...variables.map((name) => env[name]), ...Object.values(config.apiKeys), ...doors, ...proxySecrets(env)];
  const texts = values.flatMap((value) => (value === undefined ? [] : [value.trim()]));
  return [...new Set(texts.filter((value) => value.length >= minSecretLength))];
}

/** A shorter value (`x`, `none`, `EMPTY`) is a placeholder: to hide it would blot out ordinary words. */
const minSecretLength = 8;
