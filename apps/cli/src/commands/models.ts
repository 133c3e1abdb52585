import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';

/** Prints the provider's models, one a line, or only the current one. */
export async function listModels(what: 'models' | 'model', { models }: Runtime, host: CliHost): Promise<number> {
  const names = what === 'models' ? await models.list(host.interrupt) : [models.current.id === '' ? '(the first that the server offers)' : models.current.id];
  for (const name of names) host.stdout.write(`${name}\n`);
  return exitCodes.answered;
}
