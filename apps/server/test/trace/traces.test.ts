import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { createRuntime, loadConfig } from '@kw/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer, startTraces } from '../../src/index.ts';
import { parseTraceparent } from '../../src/trace/traceparent.ts';
import { traceSettings } from '../../src/trace/trace-settings.ts';

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A collector that keeps what it gets. */
async function startCollector(): Promise<{ readonly url: string; readonly spans: () => readonly Sent[]; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(body);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    spans: () => bodies.flatMap((body): readonly Sent[] => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans),
  };
}

async function service(env: Readonly<Record<string, string>>) {
  const home = await mkdtemp(join(tmpdir(), 'kw-traces-'));
  const model = await startScriptedServer({ script: [{ text: 'Three pods.' }] });
  const own = { HOME: home, XDG_STATE_HOME: join(home, 'state'), DEEPSEEK_API_KEY: 'sk-scripted', DEEPSEEK_ENDPOINT: model.url, ...env };
  const { config } = await loadConfig({ env: own, home, flags: {}, readFile: async () => undefined });
  const traces = startTraces({ env: own, version: '1.2.3', warn: (message) => expect.unreachable(message) });
  const host = { env: own, home, userId: process.getuid?.(), userName: 'test', version: '1.2.3' };
  const runtime = await createRuntime(config, host, traces === undefined ? {} : { observer: traces.observer });
  const server = await startServer({
    runs: runtime.runs,
    sessions: runtime.sessions,
    local: runtime.principal,
    facts: { version: '1.2.3', provider: 'deepseek', currentModel: 'deepseek-chat', defaultProvider: 'deepseek', models: async () => [] },
    listenAddress: '127.0.0.1:0',
    ...(traces !== undefined && { traces, observer: traces.api }),
    print: () => undefined,
  });
  onTestFinished(async () => {
    await server.stop();
    await runtime.close();
    await model.close();
    await rm(home, { recursive: true, force: true });
  });
  const ask = async (): Promise<void> => {
    const answer = await fetch(`${server.url}/api/v1/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: caller },
      body: JSON.stringify({ query: 'how many pods of the secret project?', session_id: 's1' }),
    });
    expect(await answer.json()).toMatchObject({ response: 'Three pods.' });
    await traces?.flush();
  };
  return { ask, model };
}

function attributesOf(span: Sent | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe('traces', () => {
  it('go from the caller through request, run and model, whose server is told', async () => {
    const collector = await startCollector();
    const { ask, model } = await service({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'kw-test' });
    await ask();
    const spans = collector.spans();
    const [request, run, chat] = ['POST /api/v1/chat', 'invoke_agent kubelet-wuhrai', 'chat deepseek-chat'].map((name) =>
      spans.find((span) => span.name === name),
    );
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(request).toMatchObject({ parentSpanId: 'b7ad6b7169203331', kind: 2 });
    expect(run).toMatchObject({ parentSpanId: request?.spanId, kind: 1 });
    expect(chat).toMatchObject({ parentSpanId: run?.spanId, kind: 3 });
    expect(attributesOf(request)).toMatchObject({ 'http.route': '/api/v1/chat', 'http.response.status_code': '200' });
    expect(attributesOf(run)).toMatchObject({
      'gen_ai.conversation.id': 's1',
      'gen_ai.operation.name': 'invoke_agent',
      'kw.run.outcome': 'completed',
    });
    expect(attributesOf(chat)).toMatchObject({
      'gen_ai.provider.name': 'deepseek',
      'gen_ai.request.model': 'deepseek-chat',
      'gen_ai.usage.input_tokens': expect.stringMatching(/^\d+$/),
      'gen_ai.usage.output_tokens': expect.stringMatching(/^\d+$/),
      'gen_ai.response.finish_reasons': { values: [{ stringValue: 'stop' }] },
    });
    expect(model.requests[0]?.headers['traceparent']).toBe(`00-${chat?.traceId}-${chat?.spanId}-01`);
    expect(collector.bodies[0]).toContain('"service.name","value":{"stringValue":"kw-test"}');
    for (const words of ['secret project', 'Three pods']) expect(collector.bodies.join('')).not.toContain(words);
    for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  });

  it('hold questions and answers where they are asked for', async () => {
    const collector = await startCollector();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    await (await service(env)).ask();
    for (const words of ['secret project', 'Three pods']) expect(collector.bodies.join('')).toContain(words);
  });

  it('are off where no collector is named: the model is told nothing', async () => {
    const { ask, model } = await service({});
    await ask();
    expect(model.requests[0]?.headers['traceparent']).toBeUndefined();
  });

  it('are not made for callers who do not trace', async () => {
    expect(parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00')).toMatchObject({ traceFlags: 0 });
    for (const none of [null, '', 'x', '00-00000000000000000000000000000000-b7ad6b7169203331-01', `ff${caller.slice(2)}`, `${caller}-x`])
      expect(parseTraceparent(none)).toBeUndefined();
  });

  it('read the names of OpenTelemetry', () => {
    expect(traceSettings({}, '1')).toBeUndefined();
    expect(traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/', OTEL_SDK_DISABLED: 'true' }, '1')).toBeUndefined();
    expect(
      traceSettings(
        {
          OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/',
          OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x,a=b',
          OTEL_TRACES_SAMPLER: 'traceidratio',
          OTEL_TRACES_SAMPLER_ARG: '0.25',
        },
        '1',
      ),
    ).toMatchObject({ url: 'http://c:4318/v1/traces', headers: { authorization: 'Bearer x', a: 'b' }, ratio: 0.25, followsParent: false });
    expect(() => traceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' }, '1')).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT is "c:4318"');
  });
});
