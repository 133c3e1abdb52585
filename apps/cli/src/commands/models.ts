import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';

/** Prints the provider's models, one a line, or only the current one. */
export async function listModels(what: 'models' | 'model', runtime: Runtime, host: CliHost): Promise<number> {
  if (what === 'model') {
    host.stdout.write(`${runtime.model.id === '' ? '(the first that the server offers)' : runtime.model.id}\n`);
    return exitCodes.answered;
  }
  for (const name of await runtime.listModels(host.interrupt)) host.stdout.write(`${name}\n`);
  return exitCodes.answered;
}
