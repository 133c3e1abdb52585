import process from 'node:process';
import type { CustomToolSpec } from './tool-spec.ts';

/** All that the same arguments depend on. Values of variables may be secrets, and what is made of a version is written down: they are hashed slowly. */
export function toolVersion({ command, effects, env }: CustomToolSpec): string {
  const names = env.map(({ name }) => name);
  if (env.every(({ value }) => value === undefined)) return JSON.stringify([2, command, effects, names]);
  const values = JSON.stringify(env.map(({ value }) => value ?? null));
  const hash = process.getBuiltinModule('node:crypto').scryptSync(values, 'custom-tool-env', hashBytes);
  return JSON.stringify([2, command, effects, names, hash.toString('hex')]);
}

const hashBytes = 32;
