export type { OutputLimits } from './sqlite/outputs.ts';
export type { SqliteStore, SqliteStoreOptions } from './sqlite-store.ts';
export { sqliteStore } from './sqlite-store.ts';
