import { describe, expect, it } from 'vitest';
import { shapeJson } from '../../src/output/shape-json.ts';
import { estimateTokens } from '../../src/prompt/estimate.ts';

const pod = (at: number): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `web-${at}`, namespace: 'shop', uid: `u-${at}`, managedFields: [{ manager: 'kubectl' }], labels: { app: 'web' } },
  spec: { nodeName: `node-${at % 3}`, containers: [{ name: 'web', image: 'nginx:1.27', resources: { limits: { memory: '128Mi' } } }] },
  status: { phase: at === 17 ? 'Pending' : 'Running', podIP: `10.0.0.${at}`, containerStatuses: [{ restartCount: at === 23 ? 9 : 0 }] },
});

const list = (count: number): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: count }, (_, at) => pod(at)) });

describe('a list of objects that does not fit', () => {
  it('becomes a table of all objects, with the columns that vary, and what is the same said once', () => {
    const shaped = shapeJson(list(60), 2_500) ?? '';
    expect(estimateTokens(shaped)).toBeLessThanOrEqual(2_500);
    const [head, same, columns, ...rows] = shaped.split('\n');
    expect(head).toContain('60 objects');
    expect(same).toContain('metadata.namespace=shop');
    expect(same).toContain('spec.containers[0].image=nginx:1.27');
    expect(columns?.split(' | ')).toEqual(expect.arrayContaining(['metadata.name', 'status.phase']));
    expect(rows).toHaveLength(60);
    expect(rows[17]).toContain('Pending');
    expect(rows.find((row) => row.includes('web-23'))).toMatch(/\| 9( |$)/);
    expect(shaped).not.toContain('u-17');
  });

  it('loses columns before rows, and says which', () => {
    const shaped = shapeJson(list(300), 2_600) ?? '';
    expect(estimateTokens(shaped)).toBeLessThanOrEqual(2_600);
    expect(shaped).toContain('fields left out');
    expect(shaped.split('\n').filter((line) => line.startsWith('web-'))).toHaveLength(300);
  });

  it('that is short, or of no objects, is shaped as any other document', () => {
    expect(shapeJson(list(2), 5_000)).toContain('"kind":"List"');
    expect(shapeJson(JSON.stringify(Array.from({ length: 5_000 }, (_, at) => at)), 200)).toContain('more items');
  });
});
