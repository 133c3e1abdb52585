import { createRedactor } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { loadReasons } from '../../src/reasons.ts';
import { exportSession } from '../../src/sessions/export.ts';
import type { ExportedSession } from '../../src/sessions/export.ts';

const usage = { inputTokens: 1, outputTokens: 1 };
const call = {
  callId: 'c',
  tool: 'kubectl',
  command: 'kubectl get pods',
  effect: 'read',
  decision: 'it only reads',
  outcome: 'ran',
  exitCode: 0,
  durationMs: 300,
} as const;
const session: ExportedSession = {
  id: 's',
  title: 't',
  createdAt: 0,
  updatedAt: 0,
  status: 'idle',
  usage,
  runs: [
    {
      runId: 'r',
      question: 'q',
      model: { provider: 'p', id: 'm' },
      startedAt: 0,
      answer: 'a',
      turns: 1,
      usage,
      steps: [],
      calls: [
        call,
        { ...call, callId: 'd', command: 'kubectl delete pod web', effect: 'write', decision: 'not run: later', outcome: 'denied' },
      ],
    },
  ],
};

describe('a hand-over', () => {
  it('says in the language of its reader what each command did and why it ran', async () => {
    const redactor = createRedactor();
    const chinese = exportSession(session, 'markdown', { redactor, language: 'zh', reasons: await loadReasons('zh') });
    expect(chinese).toContain('- `kubectl get pods` - 读；退出码 0；0.3 秒；只读取');
    expect(chinese).toContain('- `kubectl delete pod web` - 写；已拒绝；');
    const english = exportSession(session, 'markdown', { redactor, language: 'en', reasons: await loadReasons('en') });
    expect(english).toContain('- `kubectl get pods` - read; exit 0; 0.3 s; it only reads');
    expect(english).toContain('- `kubectl delete pod web` - write; denied; 0.3 s; not run: later');
  });
});
