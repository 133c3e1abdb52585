import { isKwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import type { OutputReader } from '../../src/output-store.ts';
import { memoryOutputStore } from '../../src/output/memory-output-store.ts';
import { readOutputTool } from '../../src/output/read-output.ts';
import { estimateTokens } from '../../src/prompt/estimate.ts';
import type { ToolChunk } from '../../src/tool.ts';

async function outputsOf(text: string): Promise<OutputReader> {
  const store = memoryOutputStore();
  const sink = await store.write('s');
  await sink.write(text);
  await sink.close();
  return store.reader('s');
}

async function read(
  outputs: OutputReader,
  input: object,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly ToolChunk[]> {
  const invocation = readOutputTool().prepare(JSON.stringify(input), {});
  expect(invocation).toMatchObject({ effect: 'read', traits: [], keepOutput: false });
  const chunks: ToolChunk[] = [];
  for await (const chunk of invocation.run({ callId: 'c', signal, timeoutMs: 1000, outputs })) chunks.push(chunk);
  return chunks;
}

async function textOf(outputs: OutputReader, input: object): Promise<string> {
  const [first] = await read(outputs, input);
  return first?.type === 'output' ? first.text : '';
}

const numbered = Array.from({ length: 3000 }, (_, index) =>
  index === 1499 ? 'ERROR the needle' : `line number ${index + 1} with words`,
).join('\n');

const pods = JSON.stringify({
  items: Array.from({ length: 40 }, (_, at) => ({
    metadata: { name: `web-${at}`, labels: { 'app.kubernetes.io/name': 'web' } },
    spec: { containers: [{ image: `nginx:${at}` }, { image: 'proxy' }] },
  })),
});

describe('read_output by a path', () => {
  it.each([
    ['.items[].metadata.name', { to: 2 }, '1: web-0\n2: web-1\n[output:1, 40 values: 2 values]\n'],
    ['items[-1].spec.containers[0].image', {}, '1: nginx:39\n[output:1, 1 values: 1 values]\n'],
    ['.items[3].metadata.labels["app.kubernetes.io/name"]', {}, '1: web\n[output:1, 1 values: 1 values]\n'],
    ['.items[].metadata.name', { grep: 'web-3[89]' }, '39: web-38\n40: web-39\n[output:1, 40 values: 2 matching values]\n'],
    ['.items[0].spec.containers', {}, '1: [{"image":"nginx:0"},{"image":"proxy"}]\n[output:1, 1 values: 1 values]\n'],
    ['.nothing.there[]', {}, '[output:1, 0 values: 0 values]\n'],
    ['.__proto__.constructor', {}, '[output:1, 0 values: 0 values]\n'],
  ])('finds %s %o', async (path, more, text) => {
    expect(await textOf(await outputsOf(pods), { ref: 'output:1', path, ...more })).toBe(text);
  });

  it('says how to go on', async () => {
    const page = await textOf(await outputsOf(pods), { ref: 'output:1', path: '.items[].metadata.name', max: 3 });
    expect(page).toContain('go on with read_output({"ref":"output:1","from":4,"path":".items[].metadata.name"})');
  });

  it.each(['.items[?(@.a)]', '.a | keys', '..a', '.a[', `.${'a'.repeat(600)}`])('is refused where it is no path: %s', (path) => {
    expect(() => readOutputTool().prepare(JSON.stringify({ ref: 'output:1', path }), {})).toThrow(/path/);
  });

  it('says so where the output is no JSON', async () => {
    await expect(read(await outputsOf('NAME READY\n'), { ref: 'output:1', path: '.a' })).rejects.toThrow('output:1 is no JSON');
  });
});

describe('read_output', () => {
  it('reads a range of lines', async () => {
    const outputs = await outputsOf(numbered);
    expect(await textOf(outputs, { ref: 'output:1', from: 10, to: 12 })).toBe(
      '10: line number 10 with words\n11: line number 11 with words\n12: line number 12 with words\n[output:1, 3,000 lines: 3 lines]\n',
    );
  });

  it('finds lines by words or by an expression, with lines around them', async () => {
    const outputs = await outputsOf(numbered);
    expect(await textOf(outputs, { ref: '1', grep: 'NEEDLE' })).toBe('1500: ERROR the needle\n[output:1, 3,000 lines: 1 matching lines]\n');
    expect(await textOf(outputs, { ref: 'output:1', grep: 'err(or)? the|number 20 ', context: 1 })).toBe(
      '19- line number 19 with words\n20: line number 20 with words\n21- line number 21 with words\n--\n1499- line number 1499 with words\n1500: ERROR the needle\n1501- line number 1501 with words\n[output:1, 3,000 lines: 2 matching lines]\n',
    );
  });

  it('stays within its budget and says how to go on', async () => {
    const outputs = await outputsOf(numbered);
    const page = await textOf(outputs, { ref: 'output:1', grep: 'words' });
    expect(estimateTokens(page)).toBeLessThanOrEqual(2000);
    const next = /go on with read_output\((\{.*\})\)\]/.exec(page)?.[1] ?? '';
    const goOn: unknown = JSON.parse(next);
    expect(goOn).toMatchObject({ ref: 'output:1', grep: 'words' });
    const last = /\n(\d+): .*\n\[/.exec(page)?.[1] ?? '';
    expect(goOn).toMatchObject({ from: Number(last) + 1 });
    expect((await textOf(outputs, { ref: 'output:1', max: 2 })).split('\n')).toHaveLength(4);
  });

  it('shows of a very long line the part that matches', async () => {
    const outputs = await outputsOf(`${'x'.repeat(2_000_000)} needle ${'y'.repeat(2_000_000)}\n`);
    const page = await textOf(outputs, { ref: 'output:1', grep: 'needle' });
    expect(page).toContain(' needle ');
    expect(page.length).toBeLessThan(8000);
  });

  it('says that an output is not there', async () => {
    const outputs = await outputsOf('a\n');
    expect(await read(outputs, { ref: 'output:7' })).toEqual([
      { type: 'result', isError: true, note: expect.stringContaining('output:7 is not kept') },
    ]);
  });

  it('stops when it is aborted', async () => {
    const outputs = await outputsOf(numbered);
    await expect(read(outputs, { ref: 'output:1' }, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"ref":"log"}',
    '{"ref":"output:0"}',
    '{"ref":"output:1","from":0}',
    '{"ref":"output:1","from":5,"to":2}',
    '{"ref":"output:1","grep":5}',
    '{"ref":"output:1","grep":"(a"}',
  ])('refuses %s with words for the model', (input) => {
    let error: unknown;
    try {
      readOutputTool().prepare(input, {});
    } catch (caught) {
      error = caught;
    }
    expect(isKwError(error) && error.code === 'tool-input').toBe(true);
  });
});
