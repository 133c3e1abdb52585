import type { Entry } from '@kw/agent';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { otlpTracer } from '../../src/trace/otlp-tracer.ts';
import { traceRuns } from '../../src/trace/trace-runs.ts';

const usage = { inputTokens: 100, outputTokens: 20 };
const runId = 'on-call.1';

const entries: readonly Entry[] = [
  { type: 'run-resumed', runId, because: 'orphaned' },
  {
    type: 'approval-request',
    runId,
    request: {
      approvalId: 'a1',
      callId: 'c1',
      tool: 'kubectl',
      arguments: '{}',
      summary: 'kubectl scale ...',
      effect: 'write',
      traits: [],
      reasons: [],
      fingerprint: 'f',
      parkable: true,
      expiresAt: 9_000,
    },
  },
  { type: 'approval-response', runId, response: { approvalId: 'a1', decision: 'approve' } },
  {
    type: 'tool-intent',
    runId,
    callId: 'c1',
    tool: 'kubectl',
    summary: 'kubectl scale ...',
    effect: 'write',
    traits: [],
    reasons: [],
    fingerprint: 'f',
    decidedBy: 'approval',
  },
  {
    type: 'tool-result',
    runId,
    message: { role: 'tool', callId: 'c1', name: 'kubectl', content: 'scaled', isError: false },
    outcome: 'failed',
    effect: 'write',
    exitCode: 1,
    durationMs: 40,
  },
  { type: 'run-end', runId, outcome: { type: 'completed', answer: 'x' }, usage, turns: 2, unanswered: 0 },
];

it('a run that was begun elsewhere has its tools and the waits for approvals below it, with their times', async () => {
  const sent: string[] = [];
  const settings = {
    url: 'http://collector/v1/traces',
    headers: {},
    timeoutMs: 1_000,
    resource: {},
    ratio: 1,
    followsParent: true,
    capturesContent: false,
  };
  let next = 0;
  const { tracer, flush } = otlpTracer(settings, {
    fetch: async (_, { body }) => {
      sent.push(typeof body === 'string' ? body : '');
      return new Response('{}');
    },
    random: (bytes) => new Uint8Array(bytes).fill((next += 1)),
    now: () => 7_000,
    warn: (message) => expect.unreachable(message),
  });
  const observer = traceRuns({ tracer, capturesContent: false, parent: () => ROOT_CONTEXT });
  entries.forEach((entry, index) => observer.entry('on-call', { seq: index + 1, version: 1, at: 1_000 + index, entry }));
  await flush();
  const { spans } = JSON.parse(sent.join('')).resourceSpans[0].scopeSpans[0];
  const [wait, call, run] = spans;
  expect(spans).toHaveLength(3);
  expect(wait).toMatchObject({
    name: 'wait for approval',
    parentSpanId: run.spanId,
    startTimeUnixNano: '1001000000',
    endTimeUnixNano: '1002000000',
  });
  expect(call).toMatchObject({ name: 'execute_tool kubectl', parentSpanId: run.spanId, status: { code: 2 } });
  expect(call.attributes).toContainEqual({ key: 'process.exit.code', value: { intValue: '1' } });
  expect(call.attributes).toContainEqual({ key: 'kw.tool.effect', value: { stringValue: 'write' } });
  expect(run).toMatchObject({ name: 'invoke_agent kubelet-wuhrai', status: { code: 0 } });
  expect(run.attributes).toContainEqual({ key: 'kw.run.resumed', value: { boolValue: true } });
  expect(sent.join('')).not.toContain('scaled');
});

it('a collector that is away is told of once, and nothing else comes of it', async () => {
  const told: string[] = [];
  const { tracer, flush } = otlpTracer(
    {
      url: 'http://collector/v1/traces',
      headers: {},
      timeoutMs: 1_000,
      resource: {},
      ratio: 1,
      followsParent: true,
      capturesContent: false,
    },
    {
      fetch: async () => {
        throw new Error('connect ECONNREFUSED');
      },
      random: (bytes) => new Uint8Array(bytes).fill(7),
      now: () => 1,
      warn: (message) => told.push(message),
    },
  );
  for (let round = 0; round < 3; round += 1) {
    tracer.startSpan('x').end();
    await flush();
  }
  expect(told).toEqual(['traces cannot be sent to http://collector/v1/traces: connect ECONNREFUSED']);
});
