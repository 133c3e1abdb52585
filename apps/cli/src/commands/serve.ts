import type { Runtime } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import type { CliHost } from '../host.ts';

/** Serves the HTTP API until a signal; gives the exit code. */
export async function serve(runtime: Runtime, host: CliHost, version: string): Promise<number> {
  const { startServer } = await import('@kw/server');
  const { config, models, runs, sessions, principal } = runtime;
  const server = await startServer({
    runs,
    sessions,
    local: principal,
    facts: {
      version,
      provider: models.current.provider,
      currentModel: models.current.id,
      defaultProvider: 'deepseek',
      models: async () => models.documented,
    },
    listenAddress: config.listenAddress,
    auth: {
      mode: config.auth,
      ...(config.authToken === undefined ? {} : { token: config.authToken }),
      ...(config.allowedHost === undefined ? {} : { hosts: [config.allowedHost] }),
    },
    print: (line) => {
      host.stderr.write(`${line}\n`);
    },
    ...(host.userId === undefined ? {} : { uid: host.userId }),
  });
  try {
    await interrupted(host.interrupt);
  } finally {
    await server.stop();
  }
  return exitCodes.answered;
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
