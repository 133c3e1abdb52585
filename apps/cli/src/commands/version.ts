import { exitCodes } from '../exit-code.ts';
import type { BareContext } from './context.ts';

/** Prints the version. */
export async function printVersion({ host, version }: BareContext): Promise<number> {
  host.stdout.write(`${version}\n`);
  return exitCodes.answered;
}
