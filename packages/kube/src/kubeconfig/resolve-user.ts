import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import { quote, toPrintable } from '../text.ts';
import type { UserCredential } from './connection.ts';
import type { ExecPlugin, KubeconfigUser } from './types.ts';

/** What the exec plugins are that replaced the legacy providers. */
const successors: ReadonlyMap<string, string> = new Map([
  ['gcp', 'install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials`'],
  ['azure', 'install kubelogin and run `kubelogin convert-kubeconfig`'],
  ['oidc', 'install the exec plugin kubelogin (kubectl oidc-login) and put it under users[].user.exec'],
]);

/** Checks one user's credentials for contradictions and makes its exec command absolute. */
export function resolveUser(host: KubeHost, user: KubeconfigUser): UserCredential {
  const { name, source, authProvider, exec: plugin, impersonate: _impersonate, ...credential } = user;
  const place = `user ${quote(name)} in ${quote(source, 200)}`;
  const refuse = (problem: string): KubeError => new KubeError('kubeconfig-invalid', `The ${place} ${problem}`);
  if (authProvider !== undefined) {
    const advice = successors.get(authProvider) ?? 'use an exec credential plugin (users[].user.exec) or a token';
    throw new KubeError(
      'auth-unsupported',
      `The ${place} has the auth-provider ${quote(authProvider)}, which Kubernetes has dropped in favour of exec plugins: ${advice}.`,
    );
  }
  if (credential.clientCertificate !== undefined && credential.clientCertificateData !== undefined) {
    throw refuse('has both client-certificate and client-certificate-data; keep one.');
  }
  if (credential.clientKey !== undefined && credential.clientKeyData !== undefined)
    throw refuse('has both client-key and client-key-data; keep one.');
  const hasCertificate = credential.clientCertificate !== undefined || credential.clientCertificateData !== undefined;
  const hasKey = credential.clientKey !== undefined || credential.clientKeyData !== undefined;
  if (hasCertificate && !hasKey) throw refuse('has a client certificate without its client-key.');
  if (hasKey && !hasCertificate) throw refuse('has a client-key without its client certificate.');
  const hasBasic = credential.username !== undefined || credential.password !== undefined;
  if (hasBasic && credential.token !== undefined) throw refuse('has a token and a user name with password; keep one.');
  // As in kubectl, a plugin is not run where the user has another credential.
  const exec = hasCertificate || hasBasic || credential.token !== undefined || credential.tokenFile !== undefined ? undefined : plugin;
  if (exec?.interactiveMode === 'Always') {
    throw new KubeError(
      'auth-unsupported',
      `The ${place} has the exec plugin ${quote(exec.command)} with interactiveMode: Always, which needs a terminal of its own. ` +
        'Set interactiveMode to IfAvailable where the plugin can answer from its cache, or use another user.',
    );
  }
  return { ...credential, ...(exec !== undefined && { exec: { ...exec, command: findCommand(host, exec, place) } }) };
}

function findCommand(host: KubeHost, exec: ExecPlugin, place: string): string {
  const candidates = isAbsolute(exec.command)
    ? [exec.command]
    : (host.env['PATH'] ?? '')
        .split(delimiter)
        .filter(isAbsolute)
        .map((directory) => join(directory, exec.command));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const hint =
    exec.installHint === undefined ? 'Install it, or correct users[].user.exec.command.' : toPrintable(exec.installHint.trim(), 1_000);
  const reason = isAbsolute(exec.command) ? 'is not an executable file' : 'is not on PATH';
  throw new KubeError('exec-failed', `The exec plugin ${quote(exec.command)} of the ${place} ${reason}. ${hint}`, {
    details: { command: exec.command },
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
