import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/finding.ts';
import { pickLines } from '../../src/read/read-log.ts';
import { renderCompact } from '../../src/render/compact.ts';
import { renderMarkdown } from '../../src/render/markdown.ts';
import { renderTable } from '../../src/render/table.ts';
import { widthOf, wrap } from '../../src/render/width.ts';
import type { Report } from '../../src/report.ts';

const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  id: `Pod/shop/${name}:Broken`,
  condition: 'test',
  kind: 'Pod',
  namespace: 'shop',
  name,
  reason: 'Broken',
  severity: 'critical',
  summary: `a summary of ${name} that says in one sentence what is wrong with it`,
  evidence: [
    { type: 'path', at: 'status.phase', value: 'Pending '.repeat(20).trim() },
    { type: 'event', at: 'Failed', value: 'an event that goes on for a while '.repeat(5) },
    { type: 'log', at: `${name}/c`, value: 'FATAL the line that tells' },
  ],
  owner: [],
  objects: [],
  count: 1,
  explains: 0,
  since: '2026-01-01T11:00:00.000Z',
  fingerprint: `Pod/shop/${name}:Broken`,
  ...more,
});

const report = (findings: readonly Finding[], more: Partial<Report> = {}): Report => ({
  at: '2026-01-01T12:00:00.000Z',
  findings,
  notChecked: [],
  objects: 10,
  conditions: 1,
  ...more,
});

const ten = Array.from({ length: 10 }, (_, at) => finding(`pod-${at}`));

describe('the text for a model', () => {
  it('is about two kilobytes for ten findings, each with evidence, the log’s line first', () => {
    const text = renderCompact(report(ten, { notChecked: [{ kind: 'Secret', code: 'forbidden', message: 'no' }] }));
    expect(text.length).toBeLessThan(2_600);
    expect(text.match(/log: FATAL/g)).toHaveLength(10);
    expect(text).toContain('Not checked: Secret: forbidden.');
  });

  it('names the cause in the place of evidence, and says how many it left out', () => {
    const many = Array.from({ length: 30 }, (_, at) => finding(`pod-${at}`, at === 1 ? { cause: 'Pod/shop/pod-0:Broken' } : {}));
    const text = renderCompact(report(many));
    expect(text).toContain('[explained by pod/pod-0 -n shop Broken]');
    expect(text).toContain('5 more, less severe');
  });

  it('says so where nothing was found', () => {
    expect(renderCompact(report([], { namespace: 'shop' }))).toBe('No findings in namespace shop (10 objects read).\n');
  });
});

describe('the table', () => {
  it('is aligned, also with wide characters, and fits its columns', () => {
    const text = renderTable(report([finding('支付'), finding('a-much-longer-name', { severity: 'info' })]), {
      language: 'zh',
      columns: 60,
    });
    const lines = text.split('\n');
    expect(lines[0]?.startsWith('级别  命名空间  对象')).toBe(true);
    const columnsOf = (name: string): number => widthOf((lines.find((line) => line.includes(name)) ?? '').split('Broken')[0] ?? '');
    expect(columnsOf('pod/支付')).toBe(columnsOf('pod/a-much-longer-name'));
    for (const line of lines.filter((each) => each.startsWith('    '))) expect(widthOf(line)).toBeLessThanOrEqual(60);
  });

  it('lets nothing of the cluster steer a terminal', () => {
    const text = renderTable(report([finding('x', { summary: 'a\u001b[2J\u202eb\nc' })]));
    expect(text).toContain('a [2J b c');
  });

  it('colours the severity only', () => {
    const text = renderTable(report([finding('x')]), { paint: (word, severity) => `<${severity}>${word}</>` });
    expect(text).toContain('<critical>critical</>  shop');
  });
});

describe('Markdown', () => {
  it('shows the cluster’s text as text', () => {
    const text = renderMarkdown(
      report([finding('x', { summary: '[a](http://b) <img> `c`', evidence: [{ type: 'log', at: 'x', value: 'has `ticks`' }] })]),
    );
    expect(text).toContain('\\[a\\](http://b) \\<img\\> \\`c\\`');
    expect(text).toContain('- `x`: `` has `ticks` ``');
  });
});

describe('lines', () => {
  it('break at blanks, and within what is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrap('', 4)).toEqual([]);
    expect(wrap('一二三四', 4)).toEqual(['一二', '三四']);
  });

  it('of a log are the last telling ones, or the last', () => {
    expect(pickLines('start\nERROR one\nfine\nFATAL two\nbye')).toEqual(['ERROR one', 'FATAL two']);
    expect(pickLines('a\nb\nc\nd\n')).toEqual(['b', 'c', 'd']);
    expect(pickLines('')).toEqual([]);
  });
});
