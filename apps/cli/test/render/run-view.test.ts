import type { AgentEvent } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/host.ts';
import { messagesIn } from '../../src/messages.ts';
import { plainWriter } from '../../src/render/answer-writer.ts';
import { createRunView } from '../../src/render/run-view.ts';
import { createStyle } from '../../src/render/style.ts';

const base = { session: 'session_1', runId: 'run_1', cursor: '1:0' } as const;
const start: AgentEvent = {
  ...base,
  type: 'run-start',
  query: 'why?',
  settings: {
    model: { provider: 'deepseek', id: 'deepseek-chat' },
    policy: { mode: 'ask-writes', rules: [] },
    approvals: 'ask',
    limits: { iterations: 20, equalCalls: 5 },
  },
};
const end: AgentEvent = {
  ...base,
  type: 'run-end',
  outcome: { type: 'completed', answer: 'Fine.' },
  usage: { inputTokens: 12_000, outputTokens: 300 },
  turns: 2,
  unanswered: 0,
  cost: { amount: 0.0021, currency: 'USD' },
};
const started = (callId: string, summary: string): AgentEvent => ({
  ...base,
  type: 'tool-start',
  callId,
  tool: 'kubectl',
  summary,
  effect: 'read',
  traits: [],
});
const result = (callId: string, summary: string): AgentEvent => ({
  ...base,
  type: 'tool-result',
  callId,
  tool: 'kubectl',
  outcome: 'ran',
  isError: false,
  content: 'NAME',
  summary,
  exitCode: 0,
  durationMs: 320,
  output: 'output:1',
  outputBytes: 1_500,
});

interface Watching {
  readonly isTTY?: boolean;
  readonly quiet?: boolean;
  readonly numbered?: boolean;
  readonly language?: 'en' | 'zh';
  readonly columns?: number;
  /** By which call `a` runs; 0: one that is no more. */
  readonly grant?: number | undefined;
}

function watch(
  events: readonly AgentEvent[],
  { isTTY = true, quiet = false, numbered = true, language = 'en', columns = 80, grant }: Watching = {},
): { readonly stderr: string; readonly stdout: string; readonly statuses: readonly string[] } {
  let stderr = '';
  let stdout = '';
  let now = 0;
  const statuses: string[] = [];
  const output: Output = {
    write: (text) => void (stderr += text),
    drained: async () => undefined,
    isTTY,
    columns: () => columns,
    rows: () => 24,
  };
  const view = createRunView({
    messages: messagesIn(language),
    style: createStyle(false),
    stderr: output,
    status: { show: (text, detail = '') => void statuses.push(detail === '' ? text : `${text} | ${detail}`), clear: () => undefined },
    answer: plainWriter((text) => void (stdout += text)),
    streams: isTTY,
    quiet,
    showToolOutput: false,
    monotonic: () => (now += 1_000),
  });
  if (numbered) view.offerUnfolding();
  if (grant !== undefined) view.byGrant('a', grant === 0 ? undefined : grant);
  for (const event of events) view.show(event);
  return { stderr, stdout, statuses };
}

describe('a run on a terminal', () => {
  it('says which request is under way, which command, and how far it is', () => {
    const { statuses } = watch([
      start,
      { ...base, type: 'reasoning-delta', text: 'Hm.' },
      { ...base, type: 'tool-call', callId: 'a', tool: 'kubectl', arguments: '{}' },
      started('a', 'kubectl logs web-1'),
      { ...base, type: 'tool-progress', callId: 'a', message: '3 s, 120 lines, 9 kB: GET /health 200' },
      started('b', 'kubectl get events'),
      result('a', 'kubectl logs web-1'),
      { ...base, type: 'turn-end', turn: 1, finish: 'tool-calls', usage: { inputTokens: 1, outputTokens: 1 } },
    ]);
    expect(statuses).toEqual([
      'deepseek-chat, request 1',
      'deepseek-chat, request 1 | thinking',
      'kubectl logs web-1',
      'kubectl logs web-1 | 120 lines, 9 kB: GET /health 200',
      '2 commands, kubectl get events',
      'kubectl get events',
      'kubectl get events',
    ]);
  });

  it('folds thoughts, and ends with what it took', () => {
    const { stdout, stderr } = watch([
      start,
      { ...base, type: 'reasoning-delta', text: 'A secret thought.' },
      { ...base, type: 'text-delta', text: 'Fine.' },
      end,
    ]);
    expect(stdout).toBe('Fine.\n');
    expect(stderr).toMatch(/^✻ thought for \d\.0s · Ctrl-O shows it\n2 requests · 12k in, 300 out · \$0\.0021 · \d\.0s\n$/);
  });

  it('shows a call with duration, size and the number under which it unfolds', () => {
    expect(watch([start, started('a', 'kubectl get pods'), result('a', 'kubectl get pods')]).stderr).toBe(
      '✓ kubectl get pods  0.3s · 1.5 kB · #1\n',
    );
  });

  it('puts a line between what was run and what is said of it', () => {
    const { stderr } = watch([start, result('a', 'kubectl get pods'), { ...base, type: 'text-delta', text: 'Fine.' }]);
    expect(stderr).toMatch(/#1\n\n$/);
  });

  it('cuts long commands, never the facts', () => {
    const { stderr } = watch([start, result('a', `kubectl get pods ${'-l app=web '.repeat(20)}`)]);
    expect(stderr.trimEnd()).toHaveLength(79);
    expect(stderr).toMatch(/…  0\.3s · 1\.5 kB · #1\n$/);
  });
});

describe('what is said of a run', () => {
  const lines = (events: readonly AgentEvent[], language: 'en' | 'zh', grant?: number): string =>
    watch(events, { language, grant, columns: 120 }).stderr;

  it('marks what ran by a grant, and where the grant was taken back meanwhile', () => {
    const ran = result('a', 'kubectl scale deployment web --replicas=3');
    expect(lines([start, ran], 'en', 2)).toContain(' · allowed by grant #2 · #1');
    expect(lines([start, ran], 'zh', 2)).toContain(' · 由许可 #2 放行 · #1');
    expect(watch([start, ran], { grant: 2, columns: 60 }).stderr).toMatch(
      /^✓ kubectl scale deployment .*… {2}0\.3s · 1\.5 kB · #1\n {2}allowed by grant #2\n$/,
    );
    expect(lines([start, ran], 'en', 0)).toContain(' · allowed by grant · #1');
    expect(lines([start, ran, ran], 'en', 2).match(/allowed/g)).toHaveLength(1);
  });

  it('says notices, failures and limits in the language of the reader, by their code', () => {
    const notice: AgentEvent = { ...base, type: 'notice', code: 'no-price', message: 'The price of this model is not known.' };
    expect(lines([start, notice], 'zh')).toContain('该模型的价格未知');
    const failed = (code: string): AgentEvent => ({ ...end, outcome: { type: 'failed', code, message: 'it broke' } });
    expect(lines([start, failed('answer-cut')], 'zh')).toContain('错误：与模型的连接在回答途中断开');
    expect(lines([start, failed('answer-cut')], 'en')).toContain('error: it broke');
    expect(lines([start, failed('overloaded')], 'zh')).toContain('错误：it broke');
    expect(lines([start, { ...end, outcome: { type: 'limit', limit: 'cost', answer: 'So far.' } }], 'zh')).toContain('已达到限制（费用）');
    expect(lines([start, { ...notice, code: 'new-one', message: 'Something new.' }], 'zh')).toContain('Something new.');
  });
});

describe('a run off a terminal', () => {
  it('says what was run, and nothing of tokens, thoughts and numbers', () => {
    const { stdout, stderr } = watch([start, { ...base, type: 'reasoning-delta', text: 'Hm.' }, result('a', 'kubectl get pods'), end], {
      isTTY: false,
      numbered: false,
    });
    expect(stdout).toBe('Fine.\n');
    expect(stderr).toBe('✓ kubectl get pods  0.3s\n');
  });

  it('says nothing with --quiet, on a terminal neither', () => {
    expect(watch([start, result('a', 'kubectl get pods'), end], { quiet: true }).stderr).toBe('');
  });
});
