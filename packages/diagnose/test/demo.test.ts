import { createKubeTargets, nodeHost, openTarget } from '@kw/kube';
import type { OpenKubeTarget } from '@kw/kube';
import type { ToolContext } from '@kw/agent';
import { createDemo } from '@kw/sandbox';
import type { Demo } from '@kw/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDiagnosis } from '../src/diagnose.ts';
import { diagnoseTool } from '../src/tool.ts';

let demo: Demo;
let open: OpenKubeTarget;

beforeAll(async () => {
  demo = await createDemo();
  open = await openTarget({ host: nodeHost(), kubeconfig: demo.kubeconfigPath });
});

afterAll(async () => {
  await open.close();
  await demo.close();
});

describe('the demo over HTTP', () => {
  it('has exactly the seven faults that it was broken with', async () => {
    const { findings, notChecked } = await runDiagnosis(open.client);
    expect(notChecked).toEqual([]);
    expect(
      findings
        .filter(({ cause }) => cause === undefined)
        .map(({ kind, name }) => `${kind.toLowerCase()}/${name}`)
        .toSorted(),
    ).toEqual(demo.problems.map(({ workload }) => workload).toSorted());
  });

  it('reads each kind once, from the server’s cache, and writes nothing', async () => {
    const before = demo.requests.length;
    await runDiagnosis(open.client, { logs: false });
    const asked = demo.requests.slice(before);
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
    const lists = asked.map(({ path }) => path).filter((path) => path.includes('resourceVersion=0'));
    expect(new Set(lists).size).toBe(lists.length);
    expect(lists.length).toBeGreaterThan(3);
  });

  it('tells the model in about two kilobytes, with a line of the log', async () => {
    const chunks = [];
    const context: ToolContext = {
      callId: '1',
      target: open,
      signal: new AbortController().signal,
      timeoutMs: 60_000,
      outputs: { info: async () => undefined, lines: async function* () {} },
    };
    const tool = diagnoseTool({ targets: createKubeTargets({ host: nodeHost(), kubeconfig: demo.kubeconfigPath }) });
    for await (const chunk of tool.prepare('{}', {}).run(context)) if (chunk.type === 'output') chunks.push(chunk.text);
    const text = chunks.join('');
    expect(text).toContain('payments');
    expect(text).toMatch(/log: .*5433/);
    expect(text.length).toBeLessThan(2_300);
  });
});
