import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';
import type { ExecPlugin } from '../kubeconfig/types.ts';
import { quote, toPrintable } from '../text.ts';
import { parseExecCredential } from './exec-credential.ts';
import type { ExecCredential } from './exec-credential.ts';
import { toExecInfo } from './exec-info.ts';
import type { ProgramResult } from './run-program.ts';
import { shareFlight } from './share-flight.ts';
import type { CredentialSource } from './types.ts';

const defaultTimeoutMs = 60_000;
const maxOutputBytes = 1024 * 1024;
/** A credential is not used when it ends sooner than this. */
const expirySkewMs = 5_000;
/** A server that refuses every credential does not make the plugin run at every request. */
const minRenewalGapMs = 10_000;

/** Variables of a plugin that hold a secret rather than a setting. */
const secretName = /TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|_KEY$/i;

/** What an exec source needs. */
export interface ExecSourceOptions {
  readonly connection: Connection;
  readonly plugin: ExecPlugin;
  readonly environment: Readonly<Record<string, string>>;
  readonly execTimeoutMs?: number | undefined;
}

/** Credentials of an exec plugin: kept until they expire, one process for all who wait, renewed when a server refuses them. */
export function createExecSource(host: KubeHost, options: ExecSourceOptions): CredentialSource {
  const { plugin } = options;
  const seen = new Set<string>(plugin.env.filter(({ name }) => secretName.test(name)).map(({ value }) => value));
  let latest: ExecCredential | undefined;
  let renewedAt = -Infinity;
  const flight = shareFlight(async (signal) => {
    const credential = await runPlugin(host, options, signal);
    for (const secret of credential.secrets) seen.add(secret);
    latest = credential;
    return credential.credential;
  });
  const isFresh = ({ expiresAt }: ExecCredential): boolean => expiresAt === undefined || expiresAt - host.now() > expirySkewMs;
  return {
    current: async (signal) => (latest !== undefined && isFresh(latest) ? latest.credential : flight.join(signal)),
    renew: async (refused, signal) => {
      if (latest !== undefined && latest.credential !== refused && isFresh(latest)) return latest.credential;
      if (host.now() - renewedAt < minRenewalGapMs) return undefined;
      renewedAt = host.now();
      return flight.join(signal);
    },
    secrets: () => [...seen],
    close: () => flight.close(),
  };
}

async function runPlugin(host: KubeHost, options: ExecSourceOptions, signal: AbortSignal): Promise<ExecCredential> {
  const { connection, plugin, environment, execTimeoutMs = defaultTimeoutMs } = options;
  const own = Object.fromEntries(plugin.env.map(({ name, value }) => [name, value]));
  const env = { ...environment, ...own, KUBERNETES_EXEC_INFO: toExecInfo(connection, plugin) };
  const result = await host.run({ command: plugin.command, args: plugin.args, env, timeoutMs: execTimeoutMs, maxOutputBytes, signal });
  const name = `The exec plugin ${quote(plugin.command, 200)} of user ${quote(connection.userName)}`;
  const hint = plugin.installHint === undefined ? '' : ` ${toPrintable(plugin.installHint.trim(), 1_000)}`;
  const details = { command: plugin.command, context: connection.context };
  if (result.type === 'exited' && result.exitCode === 0) return parseExecCredential(result.stdout, { plugin, name });
  if (result.type === 'timed-out') {
    throw new KubeError(
      'exec-timeout',
      `${name} did not answer in ${execTimeoutMs / 1_000} s and was ended.${saidOn(result.stderr)} If it waits for a login, log in with it in a terminal first.`,
      { details },
    );
  }
  throw new KubeError('exec-failed', `${name} ${failureOf(result)}${hint}`, { details });
}

function failureOf(result: Exclude<ProgramResult, { readonly type: 'timed-out' }>): string {
  switch (result.type) {
    case 'exited':
      return `failed with exit code ${result.exitCode}.${saidOn(result.stderr)}`;
    case 'killed':
      return `was ended by ${result.signal}.${saidOn(result.stderr)}`;
    case 'too-much-output':
      return `printed more than ${maxOutputBytes} bytes.`;
    case 'not-started':
      return `can't be started (${result.code}).`;
  }
}

function saidOn(stderr: string): string {
  const said = stderr.trim();
  return said === '' ? '' : ` It said: ${toPrintable(said.slice(-600).replace(/\s*\n\s*/g, '; '), 700)}`;
}
