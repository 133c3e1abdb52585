import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeHost, openTarget } from '@kw/kube';
import type { KubeClient } from '@kw/kube';
import { createDemo } from '@kw/sandbox';
import type { Demo } from '@kw/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDiagnosis } from '../../src/diagnose.ts';
import { renderCompact } from '../../src/render/compact.ts';

let demo: Demo;
let folder: string;
const closes: (() => Promise<void>)[] = [];

beforeAll(async () => {
  demo = await createDemo({ auth: 'tls' });
  folder = await mkdtemp(join(tmpdir(), 'kw-diagnose-'));
  bind('ClusterRoleBinding', 'viewer', { namespace: undefined });
  bind('RoleBinding', 'resident', { namespace: 'shop' });
});

afterAll(async () => {
  for (const close of closes) await close();
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

function bind(kind: 'ClusterRoleBinding' | 'RoleBinding', user: string, { namespace }: { readonly namespace: string | undefined }): void {
  demo.api.create(`${kind.toLowerCase()}s.rbac.authorization.k8s.io`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: user, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
  });
}

async function clientOf(user: string): Promise<KubeClient> {
  const path = join(folder, user);
  await demo.writeKubeconfig(path, { user });
  const open = await openTarget({ host: nodeHost(), kubeconfig: path });
  closes.push(() => open.close());
  return open.client;
}

describe('somebody with few rights', () => {
  it('is told what was not checked, and never that it does not exist', async () => {
    const report = await runDiagnosis(await clientOf('viewer'));
    expect(report.notChecked.map(({ kind, code }) => `${kind} ${code}`)).toEqual(
      expect.arrayContaining(['Secret forbidden', 'Node forbidden']),
    );
    expect(report.findings.filter(({ cause }) => cause === undefined)).toHaveLength(demo.problems.length);
    expect(report.findings.map(({ reason }) => reason).filter((reason) => /^MissingSecret|NodeNotReady/.test(reason))).toEqual([]);
    expect(renderCompact(report)).toMatch(/Not checked: .*\bSecret\b.*: forbidden.*Do not conclude/);
  });

  it('of one namespace gets that namespace, also where all were asked for', async () => {
    const report = await runDiagnosis(await clientOf('resident'), { home: 'shop' });
    expect(new Set(report.findings.map(({ namespace }) => namespace))).toEqual(new Set(['shop']));
    expect(report.findings.length).toBeGreaterThanOrEqual(demo.problems.length);
    expect(report.notChecked.map(({ kind }) => kind)).toContain('Node');
    expect(report.notChecked.find(({ kind }) => kind === 'Pod')).toMatchObject({ namespaces: ['*'], code: 'forbidden' });
    expect(renderCompact(report)).toMatch(/\bPod\b[^:;]* in other namespaces: forbidden/);
  });

  it('of nothing finds nothing and is told that everything is not checked', async () => {
    const report = await runDiagnosis(await clientOf('nobody'));
    expect(report.findings).toEqual([]);
    expect(report.notChecked.length).toBeGreaterThan(5);
    expect(renderCompact(report)).toMatch(/\bPod\b[^:;]*: forbidden/);
  });
});
