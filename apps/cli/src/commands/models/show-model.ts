import { exitCodes } from '../../exit-code.ts';
import type { RuntimeContext } from '../context.ts';

/** Prints the model in use. */
export async function showModel({ runtime, host }: RuntimeContext): Promise<number> {
  const { current } = runtime.models;
  if (current.id === '') runtime.models.check();
  host.stdout.write(`${current.id === '' ? '(the first that the server offers)' : current.id}\n`);
  return exitCodes.answered;
}
