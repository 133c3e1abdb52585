import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nodeHost, openTarget } from '@kw/kube';
import { createDemo } from '@kw/sandbox';
import { describe, expect, it } from 'vitest';
import { runDiagnosis } from '../src/diagnose.ts';

const run = promisify(execFile);

describe('the demo, healed by its own commands', () => {
  it('has nothing left to find', { timeout: 60_000 }, async () => {
    const demo = await createDemo();
    const open = await openTarget({ host: nodeHost(), kubeconfig: demo.kubeconfigPath });
    try {
      for (const { fixes } of demo.problems) {
        await run(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', ['--kubeconfig', demo.kubeconfigPath, ...(fixes[0] ?? [])], {
          env: { HOME: '/nonexistent', KUBERC: 'off' },
        });
      }
      await demo.world.settle();
      const { findings, notChecked } = await runDiagnosis(open.client, { include: ['security'] });
      expect(findings.filter(({ severity }) => severity !== 'info').map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
      expect(notChecked).toEqual([]);
    } finally {
      await open.close();
      await demo.close();
    }
  });
});
