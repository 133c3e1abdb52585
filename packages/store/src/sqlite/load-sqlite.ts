import type { DatabaseSync } from 'node:sqlite';

/** Loads the engine when the first database is opened, without the warning that Node 22 prints for it. */
export function loadSqlite(): { readonly DatabaseSync: typeof DatabaseSync } {
  const emitWarning = process.emitWarning;
  try {
    // The load is synchronous, so nobody else's warning can be lost here.
    process.emitWarning = () => {};
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
