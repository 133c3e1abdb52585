export type { Config, LoadedConfig } from './config/config.ts';
export { configurationDocs } from './config/docs.ts';
export type { ConfigFile, ConfigSources } from './config/load.ts';
export { loadConfig } from './config/load.ts';
export { nearest } from './config/nearest.ts';
export type { OptionKey, OptionKind, OptionSpec } from './config/option.ts';
export { options } from './config/options.ts';
export type { RuntimeHost } from './host.ts';
export { isKwError, KwError } from '@kw/providers';
