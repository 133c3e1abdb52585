import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a command answered. */
export interface Answer {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which recorded commands run. */
export interface Workplace {
  run(command: string, user: 'admin' | 'jane'): Promise<Answer>;
  dispose(): Promise<void>;
}

/** What a workplace needs. */
export interface WorkplaceOptions {
  /** The folder of kubectl and helm. */
  readonly binaries: string;
  readonly kubeconfigs: { readonly admin: string; readonly jane: string };
  /** PEM files beside the kubeconfigs, by name. */
  readonly pki: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
}

const timeoutMs = 60_000;

/** Makes the folder with the files of the cases. */
export async function createWorkplace({ binaries, kubeconfigs, pki, files, path }: WorkplaceOptions): Promise<Workplace> {
  const root = await mkdtemp(join(tmpdir(), 'kw-conformance-'));
  const cases = join(root, 'cases');
  for (const folder of ['home', 'tmp', 'cluster/conf', 'cluster/pki']) await mkdir(join(root, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cases, name)), { recursive: true });
    await writeFile(join(cases, name), content);
    if (name.endsWith('.sh')) await chmod(join(cases, name), 0o755);
  }
  for (const user of ['admin', 'jane'] as const)
    await writeFile(
      join(root, 'cluster/conf', `${user}.kubeconfig`),
      kubeconfigs[user].replaceAll('../pki/', `${join(root, 'cluster/pki')}/`),
      { mode: 0o600 },
    );
  for (const [name, text] of Object.entries(pki)) await writeFile(join(root, 'cluster/pki', name), text, { mode: 0o600 });
  // No path and no name of this machine gets into an answer.
  const own: readonly (readonly [string, string])[] = [
    [join(root, 'cluster'), '/kw/cluster'],
    [cases, '/kw/cases'],
    [root, '/kw'],
    [`${hostname()}_`, 'kwok_'],
  ];
  const withoutOwn = (text: string): string => own.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  return {
    run: (command, user) =>
      new Promise((resolve) => {
        const child = spawn('bash', ['-c', command], {
          cwd: cases,
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: {
            PATH: `${binaries}:${path}`,
            HOME: join(root, 'home'),
            TMPDIR: join(root, 'tmp'),
            KUBECONFIG: join(root, 'cluster/conf', `${user}.kubeconfig`),
            KUBECACHEDIR: join(root, `cache-${user}`),
            KUBE_EDITOR: join(cases, 'edit.sh'),
            LANG: 'C.UTF-8',
            TZ: 'UTC',
          },
        });
        const output = { stdout: '', stderr: '' };
        child.stdout.on('data', (data: Buffer) => (output.stdout += data.toString()));
        child.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
        const timer = setTimeout(() => {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        }, timeoutMs);
        child.on('close', (code) => {
          clearTimeout(timer);
          resolve({ rc: code ?? 124, stdout: withoutOwn(output.stdout), stderr: withoutOwn(output.stderr) });
        });
      }),
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}
