import type { Runtime } from '@kw/runtime';
import { isKwError } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';
import { messagesIn } from '../messages.ts';

/** Prints the provider's models, one a line, or only the current one. */
export async function listModels(what: 'models' | 'model', runtime: Runtime, host: CliHost): Promise<number> {
  const { current } = runtime.models;
  if (what === 'model' && current.id === '') runtime.models.check();
  const names = what === 'models' ? await namesOf(runtime, host) : [current.id === '' ? '(the first that the server offers)' : current.id];
  for (const name of names) host.stdout.write(`${name}\n`);
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
