import type { Runtime } from '@kw/runtime';
import { isKwError } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';
import type { RuntimeContext } from './context.ts';

/** Prints the provider's models, one a line. */
export async function listModels({ runtime, host }: RuntimeContext): Promise<number> {
  for (const name of await namesOf(runtime, host)) host.stdout.write(`${name}\n`);
  return exitCodes.answered;
}

/** Prints the model in use. */
export async function showModel({ runtime, host }: RuntimeContext): Promise<number> {
  const { current } = runtime.models;
  if (current.id === '') runtime.models.check();
  host.stdout.write(`${current.id === '' ? '(the first that the server offers)' : current.id}\n`);
  return exitCodes.answered;
}

async function namesOf({ models, config }: Runtime, host: CliHost): Promise<readonly string[]> {
  try {
    return await models.list(host.interrupt);
  } catch (error) {
    if (!isKwError(error) || error.code !== 'api-key-not-found') throw error;
    host.stderr.write(`${messagesIn(config.language).documentedModels}\n`);
    return models.documentedHere;
  }
}
