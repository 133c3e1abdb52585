import type { StoredEntry } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { serve } from '../scene.ts';

const usage = { inputTokens: 100, outputTokens: 20, cachedInputTokens: 60 };

function entries(runId: string): readonly StoredEntry['entry'][] {
  return [
    {
      type: 'run-start',
      runId,
      message: { role: 'user', content: 'why is secret-project failing?' },
      settings: {
        model: { provider: 'deepseek', id: 'deepseek-chat' },
        policy: { mode: 'ask-writes', rules: [] },
        approvals: 'ask',
        limits: { iterations: 20, equalCalls: 5 },
      },
      by: { issuer: 'local', subject: 'alice' },
    },
    { type: 'assistant-message', runId, turn: 1, message: { role: 'assistant', content: [] }, finish: 'tool-calls', usage, units: 0 },
    {
      type: 'tool-result',
      runId,
      message: { role: 'tool', callId: 'c1', name: 'kubectl', content: '', isError: false },
      outcome: 'ran',
      effect: 'read',
      durationMs: 40,
    },
    {
      type: 'tool-result',
      runId,
      message: { role: 'tool', callId: 'c2', name: 'made_up_by_the_model', content: '', isError: true },
      outcome: 'not-understood',
      durationMs: 0,
    },
    { type: 'approval-response', runId, response: { approvalId: 'a', decision: 'deny' } },
    { type: 'run-end', runId, outcome: { type: 'completed', answer: 'x' }, usage, turns: 1, unanswered: 0 },
  ];
}

describe('createMetrics', () => {
  it('counts runs, tokens, tools and approvals, and names no person, namespace or session', async () => {
    const metrics = createMetrics('1.2.3');
    entries('on-call.1').forEach((entry, index) => metrics.observer.entry('on-call', { seq: index + 1, version: 1, at: 0, entry }));
    const { body, contentType } = await metrics.exposition();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('kubelet_wuhrai_runs_total{outcome="completed"} 1');
    expect(body).toContain('kubelet_wuhrai_tokens_total{provider="deepseek",model="deepseek-chat",kind="input"} 40');
    expect(body).toContain('kubelet_wuhrai_tokens_total{provider="deepseek",model="deepseek-chat",kind="cached"} 60');
    expect(body).toContain('kubelet_wuhrai_tool_calls_total{tool="kubectl",effect="read",outcome="ran"} 1');
    expect(body).toContain('kubelet_wuhrai_tool_calls_total{tool="unknown",effect="none",outcome="not-understood"} 1');
    expect(body).toContain('kubelet_wuhrai_approvals_total{outcome="deny"} 1');
    expect(body).toContain('kubelet_wuhrai_build_info{version="1.2.3"} 1');
    for (const name of ['alice', 'secret-project', 'on-call', 'made_up_by_the_model']) expect(body).not.toContain(name);
  });

  it('counts requests to models and their failures by code', async () => {
    const metrics = createMetrics('1.2.3');
    const request = { provider: 'qwen', model: 'qwen-plus', messages: 1, characters: 10, tools: 2, durationMs: 1500, retries: 0 };
    metrics.observer.request({ ...request, firstMs: 300 });
    metrics.observer.request({ ...request, failure: 'rate-limited' });
    metrics.observer.request({ ...request, failure: 'aborted' });
    const { body } = await metrics.exposition();
    expect(body).toContain('kubelet_wuhrai_llm_requests_total{provider="qwen",model="qwen-plus"} 3');
    expect(body).toContain('kubelet_wuhrai_llm_errors_total{provider="qwen",model="qwen-plus",code="rate-limited"} 1');
    expect(body).not.toContain('code="aborted"');
  });
});

describe('GET /metrics', () => {
  it('S187: is text that a scraper reads, and moves after a chat', async () => {
    const metrics = createMetrics('1.2.3');
    const { url, post } = await serve({ metrics: { exposition: () => metrics.exposition() }, observer: metrics.api });
    const scrape = async (): Promise<string> => {
      const response = await fetch(`${url}/metrics`);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      return response.text();
    };
    const before = await scrape();
    expect(before).not.toContain('route="/api/v1/chat"');
    expect((await post('/api/v1/chat', { query: 'x' })).status).toBe(200);
    await fetch(`${url}/api/v1/runs/nope.1?wait=1s`);
    await fetch(`${url}/nowhere/at-all`);
    const after = await scrape();
    expect(after).toContain('kubelet_wuhrai_http_requests_total{method="POST",route="/api/v1/chat",status="200"} 1');
    expect(after).toContain('route="/api/v1/runs/:id",status="404"} 1');
    expect(after).toContain('route="other",status="404"} 1');
    const lines = after.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of lines) expect(line).toMatch(/^[a-zA-Z_:][\w:]*(\{[^}]*\})? [\d.eE+-]+|NaN|Inf$/);
  });

  it('is open without the token, and closed by --metrics-auth', async () => {
    const metrics = createMetrics('1.2.3');
    const exposition = (): ReturnType<typeof metrics.exposition> => metrics.exposition();
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const auth = { token: 'a-token-of-the-test' };
    const open = await serve({ metrics: { exposition }, auth });
    expect((await fetch(`${open.url}/metrics`, { headers })).status).toBe(200);
    const closed = await serve({ metrics: { exposition, open: false }, auth });
    expect((await fetch(`${closed.url}/metrics`, { headers })).status).toBe(401);
  });
});
