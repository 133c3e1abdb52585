import { describe, expect, it } from 'vitest';
import { createKubeTargets } from '../../src/index.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';

// What the agent asks of a source of targets; this package must fit without importing it.
interface RunTarget {
  readonly server: string;
  readonly caHash: string;
  readonly context: string;
  readonly user: string;
  readonly namespace?: string;
  readonly fingerprint: string;
}

interface OpenTarget {
  readonly target: RunTarget;
  readonly kubeconfigPath: string;
  serverVersion?(signal?: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}

interface TargetSource {
  freeze(request: { readonly context?: string; readonly namespace?: string }, signal?: AbortSignal): Promise<RunTarget>;
  open(target: RunTarget, signal?: AbortSignal): Promise<OpenTarget>;
  contexts(): Promise<readonly string[]>;
}

describe('the source of targets', () => {
  it('fits the port of the agent: contexts, freeze, open', async () => {
    const folder = await createFolder();
    const other = await folder.write('other', kubeconfigOf({ context: 'prod' }));
    const first = await folder.write('first', kubeconfigOf({ context: 'dev', namespace: 'shop' }));
    const source: TargetSource = createKubeTargets({ host: testHost(folder, { env: { KUBECONFIG: `${first}:${other}` } }) });
    await expect(source.contexts()).resolves.toEqual(['dev', 'prod']);
    const frozen = await source.freeze({ context: 'prod', namespace: 'web' });
    const opened = await source.open(frozen);
    expect(opened.target).toEqual(frozen);
    await opened.close();
    const reason = new Error('enough');
    await expect(source.freeze({}, AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(source.open(frozen, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('one kubeconfig can be named instead of all others', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const kubeconfig = await folder.write('named', kubeconfigOf({ context: 'named' }));
    await expect(createKubeTargets({ host: testHost(folder), kubeconfig }).contexts()).resolves.toEqual(['named']);
  });
});
