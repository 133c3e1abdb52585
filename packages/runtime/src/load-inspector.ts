import type { Inspector } from './inspect/inspector.ts';

/** Loads what looks at single parts of the program; only who needs it pays for it. */
export async function loadInspector(): Promise<Inspector> {
  return (await import('./inspect/inspector.ts')).inspector;
}
