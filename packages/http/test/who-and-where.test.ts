import { fakeTool } from '@kw/agent/testing';
import { expect, it } from 'vitest';
import type { BookRun } from '../src/index.ts';
import { toWireExchange } from '../src/to-wire-session.ts';
import { receive, scene } from './scene.ts';

it('a stream says what was asked and who answered', async () => {
  const change = fakeTool({ name: 'change', effect: 'write' });
  const turns = [{ text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'web' } }] }, { text: 'Done.' }];
  const { post, fetch } = scene({ turns, tools: [change] });
  const { approval } = await (await post('/api/v1/chat', { query: 'scale web', session_id: 's1' })).json();
  await post(`/api/v1/approvals/${approval.id}`, { decision: 'approve' });
  await fetch('/api/v1/runs/s1.1?wait=30s');
  const activities = (await receive(await fetch('/api/v1/runs/s1.1/stream'))).map(({ data }) => data['activity']);
  expect(activities).toContainEqual({ type: 'run-start', query: 'scale web' });
  expect(activities).toContainEqual(expect.objectContaining({ type: 'approval-response', decision: 'approve', by: expect.any(String) }));
});

it('a kept question says where and as whom it acted, who answered, and why it failed', () => {
  const run: BookRun = {
    runId: 's1.1',
    question: 'scale web',
    startedAt: 0,
    endedAt: 1,
    answer: '',
    usage: { inputTokens: 1, outputTokens: 1 },
    target: {
      server: 'https://k',
      caHash: 'x',
      context: 'prod',
      user: 'service',
      as: { user: 'ann', via: 'impersonation' },
      fingerprint: 'y',
    },
    outcome: { type: 'failed', code: 'rate-limited', message: 'too many' },
    calls: [
      {
        callId: 'c1',
        tool: 'kubectl',
        command: 'kubectl scale',
        outcome: 'ran',
        answer: { decision: 'approve', by: { issuer: 'https://idp', subject: '4711', name: 'bob' } },
      },
    ],
    steps: [],
  };
  expect(toWireExchange(run, 'en')).toMatchObject({
    target: { context: 'prod', server: 'https://k', user: 'service', as: 'ann' },
    error: { code: 'rate-limited', message: 'too many' },
    tools: [{ answer: { decision: 'approve', by: 'bob' } }],
  });
});
