import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OutputSink } from '../../src/output-store.ts';
import { captureOutput } from '../../src/output/capture.ts';
import type { CapturedOutput } from '../../src/output/capture.ts';
import { estimateTokens } from '../../src/prompt/estimate.ts';
import { createRedactor } from '../../src/redact/redactor.ts';

interface Kept {
  readonly sink: OutputSink;
  text(): string;
}

function keptText(): Kept {
  let text = '';
  return {
    sink: {
      ref: 'output:3',
      write: async (piece) => void (text += piece),
      close: async () => ({ ref: 'output:3', bytes: text.length, lines: text.split('\n').length - 1 }),
    },
    text: () => text,
  };
}

async function capture(
  text: string,
  { budgetTokens = 500, pieces = 5000, sink }: { budgetTokens?: number; pieces?: number; sink?: OutputSink } = {},
): Promise<CapturedOutput> {
  const output = captureOutput({ sink, redactor: createRedactor(), budgetTokens });
  for (let at = 0; at < text.length; at += pieces) await output.write('stdout', text.slice(at, at + pieces));
  return output.close();
}

describe('a captured output', () => {
  it('that fits is shown as it is, with its digest', async () => {
    const kept = keptText();
    const text = 'NAME  READY\nweb   1/1\n';
    const captured = await capture(text, { sink: kept.sink });
    expect(captured).toMatchObject({
      content: 'NAME  READY\nweb   1/1',
      bytes: 22,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(kept.text()).toBe(text);
  });

  it('is digested by what the platform has', async () => {
    const hash = createHash('sha256');
    const sha256 = (): { update(bytes: Uint8Array): void; hex(): string } => ({
      update: (bytes) => void hash.update(bytes),
      hex: () => `node ${hash.digest('hex')}`,
    });
    const output = captureOutput({ sink: undefined, redactor: createRedactor(), budgetTokens: 500, sha256 });
    await output.write('stdout', 'web\n');
    expect((await output.close()).sha256).toBe(`node ${createHash('sha256').update('web\n').digest('hex')}`);
  });

  it('is redacted on every way', async () => {
    const kept = keptText();
    const captured = await capture('apiVersion: v1\ndata:\n  a: aHVudGVyMg==\nkind: Secret\n', { pieces: 3, sink: kept.sink });
    expect(captured.content).toContain('a: [redacted:secret-data]');
    expect(`${captured.content}${kept.text()}`).not.toContain('aHVud');
    expect(captured.sha256).toBe(createHash('sha256').update(kept.text()).digest('hex'));
  });

  it('shows beginning, end, unusual lines and how often the usual ones come', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      index === 12_345
        ? '2026-01-02T03:04:05Z ERROR payment refused: certificate expired'
        : `2026-01-02T03:04:${10 + (index % 50)}Z INFO request ${index * 7919} from 10.0.0.${index % 250} took ${index % 90}ms`,
    );
    const { content } = await capture(`first line\n${lines.join('\n')}\nlast line\n`, { sink: keptText().sink });
    expect(estimateTokens(content)).toBeLessThanOrEqual(500);
    expect(content.startsWith('first line\n')).toBe(true);
    expect(content).toContain('ERROR payment refused: certificate expired\n');
    expect(content).toMatch(/[\d,]+ x 2026-01-02T03:04:10Z INFO request 0 /);
    expect(content).toMatch(
      /last line\n\[output:3, 20,002 lines, [\d.,]+ [kM]B; shown: .*read_output\(\{"ref":"output:3","grep":"\.\.\."\}\)\]$/,
    );
  });

  it('stays within any budget, whatever comes', async () => {
    const texts = [
      'x'.repeat(300_000),
      '日志'.repeat(50_000),
      `${'word '.repeat(20)}\n`.repeat(3000),
      JSON.stringify({ items: Array.from({ length: 900 }, (_, id) => ({ id, name: `pod-${id}`, text: 'y'.repeat(50) })) }),
      '\n'.repeat(50_000),
      '\u001b[31m\u0000'.repeat(9000),
    ];
    for (const budgetTokens of [120, 614, 2000]) {
      for (const text of texts) {
        const { content } = await capture(text, { budgetTokens, sink: keptText().sink });
        expect({ begin: text.slice(0, 10), budgetTokens, over: Math.max(0, estimateTokens(content) - budgetTokens) }).toEqual({
          begin: text.slice(0, 10),
          budgetTokens,
          over: 0,
        });
        expect(content).toContain('output:3');
      }
    }
  });

  it('leaves noise out of the view, not of what is kept', async () => {
    const kept = keptText();
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"kind":"Pod"}\n  managedFields:\n  - apiVersion: v1\n    fieldsV1:\n      f:metadata: {}\n  name: web\n  uid: 0c1-2\nspec: {}\n';
    const { content } = await capture(text, { sink: kept.sink });
    expect(content).toBe(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n  name: web\nspec: {}\n[output:3, 13 lines, 273 B; left out: last-applied-configuration, managedFields, uid]'.replace(
        '273',
        String(text.length),
      ),
    );
    expect(kept.text()).toBe(text);
    const json = await capture(
      `${JSON.stringify({ kind: 'Pod', metadata: { managedFields: [{ a: 1 }], name: 'web', uid: 'x-1' } }, null, 4)}\n`,
      { sink: kept.sink },
    );
    expect(json.content).not.toMatch(/managedFields"|x-1/);
  });

  it('shows of a long list of objects also the one in trouble', async () => {
    const pod = (index: number): string =>
      `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: web-${index}\n  status:\n    phase: Running\n    state:\n      ${index === 200 ? 'reason: CrashLoopBackOff' : 'ready: true'}\n`;
    const { content } = await capture(
      `apiVersion: v1\nitems:\n${Array.from({ length: 400 }, (_, index) => pod(index)).join('')}kind: List\n`,
      { sink: keptText().sink },
    );
    expect(content).toContain('reason: CrashLoopBackOff');
    expect(content).toContain('kind: List');
  });

  it('shortens a JSON document of one line and leaves it readable', async () => {
    const list = {
      kind: 'List',
      items: Array.from({ length: 500 }, (_, index) => ({ metadata: { name: `pod-${index}`, uid: `u-${index}` }, note: 'z'.repeat(400) })),
    };
    const { content } = await capture(JSON.stringify(list), { sink: keptText().sink });
    expect(content).toMatch(/^\{"kind":"List","items":\[\{"metadata":\{"name":"pod-0"\}/);
    expect(content).toMatch(/more items"\]\}\n\[output:3, 1 line, /);
  });

  it('writes control characters out', async () => {
    const { content } = await capture('\u001b]0;title\u0007 \u202eevil\u200b\r\nnext\n');
    expect(content).toBe('\\x1b]0;title\\x07 \\u202eevil\\u200b\nnext');
  });

  it('does not mix the two streams inside a line', async () => {
    const kept = keptText();
    const output = captureOutput({ sink: kept.sink, redactor: createRedactor(), budgetTokens: 500 });
    await output.write('stdout', 'one ');
    await output.write('stderr', 'warning\n');
    await output.write('stdout', 'two\n');
    const captured = await output.close();
    expect(kept.text()).toBe('warning\none two\n');
    expect(await output.close()).toBe(captured);
  });

  it('holds a bounded part of 64 MB, and finds the needle in its middle', { timeout: 120_000 }, async () => {
    let size = 0;
    let kept = 0;
    const sink: OutputSink = {
      ref: 'output:1',
      write: async (text) => void (kept += text.length),
      close: async () => ({ ref: 'output:1', bytes: kept, lines: 0 }),
    };
    const output = captureOutput({ sink, redactor: createRedactor(), budgetTokens: 600 });
    const chunk = Array.from(
      { length: 600 },
      (_, index) =>
        `2026-01-02T03:04:05Z INFO request ${index} from 10.0.0.1 to the orders service took ${index}ms and was answered with 200\n`,
    ).join('');
    const before = process.memoryUsage().heapUsed;
    let peak = 0;
    for (let round = 0; size < 64_000_000; round += 1) {
      const text = round === 450 ? `${chunk}the needle: shard handover stalled on zebra\n` : chunk;
      await output.write('stdout', text);
      size += text.length;
      if (round % 50 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
    const { content, bytes } = await output.close();
    expect(bytes).toBe(size);
    expect(content).toContain('the needle: shard handover stalled on zebra');
    expect(peak).toBeLessThan(100_000_000);
  });
});
