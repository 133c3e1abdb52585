import {
  countTokens,
  investigation,
  investigationAnswer,
  playInvestigation,
  startScriptedServer,
  strictServers,
} from '@kw/providers/testing';
import type { RecordedRequest, ScriptedServer, StrictServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endpointsOf, expectNothingLeft } from './aftermath.ts';
import { openSandbox } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';

const question = 'why does checkout fail?';

let cluster: Cluster;
let place: Place;
let model: ScriptedServer;

beforeAll(async () => {
  cluster = await openSandbox();
  await cluster.apply({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: 60 }, (_, at) => pod(`web-${at}`)) });
}, 60_000);
afterAll(() => cluster.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

describe('a strict model server', { timeout: 60_000 }, () => {
  it.each(strictServers)('reliability 17: the same investigation completes on each: $title', async (strict) => {
    const { code, stdout, stderr } = await investigate(strict);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${investigationAnswer}\n`,
      stderr: expect.not.stringContaining('error:'),
    });
    const results = model
      .chats()
      .map(({ text }) => text)
      .join('\n');
    for (const seen of ['kube-system', 'registry.local/shop/checkout:web-7', 'Labels:']) expect(results).toMatch(new RegExp(seen));
    expect(stderr).not.toMatch(/as text, and it did not run/);
    await expectNothingLeft(place, { model, env: environment(), reopens: question });
  });

  it('a refusal is met once, and what was learned is said', async () => {
    const named = (name: string): StrictServer => strictServers.find((strict) => strict.name === name) ?? fail(name);
    const noTools = await investigate(named('no-tools-vllm'));
    expect(noTools.stderr.match(/offers no tool calls here/g)).toHaveLength(1);
    expect(model.chats().filter(({ body }) => body['tools'] !== undefined)).toHaveLength(1);
    await model.close();
    const asText = await investigate(named('calls-as-text'));
    expect(asText.stderr.match(/writes tool calls as text here/g)).toHaveLength(1);
    expect(model.chats()).toHaveLength(investigation.length);
  });

  it('--enable-tool-use-shim: true never offers tools, false takes only the server’s own calls', async () => {
    const strict = strictServers.find(({ name }) => name === 'no-tools-vllm') ?? fail('no-tools-vllm');
    const shim = await investigate(strict, '--enable-tool-use-shim=true');
    expect({ code: shim.code, stdout: shim.stdout }).toEqual({ code: 0, stdout: `${investigationAnswer}\n` });
    expect(model.chats().filter(({ body }) => body['tools'] !== undefined)).toEqual([]);
    await model.close();
    const native = await investigate(strict, '--enable-tool-use-shim=false');
    expect({ code: native.code, stdout: native.stdout }).toEqual({ code: 1, stdout: '' });
    expect(native.stderr).toContain('--enable-tool-use-shim');
    expect(model.chats()).toHaveLength(1);
  });

  it('signatures come back byte for byte, reasoning where it is asked for', async () => {
    const named = (name: string): StrictServer => strictServers.find((strict) => strict.name === name) ?? fail(name);
    await investigate(named('signatures'));
    const issued = investigation.flatMap(({ toolCalls = [] }) => toolCalls.map(({ extra }) => JSON.stringify(extra?.['extra_content'])));
    for (const signature of issued) expect(model.chats().at(-1)?.text).toContain(signature);
    await model.close();
    await investigate(named('reasoning-required'));
    expect(model.chats().at(-1)?.text).toContain('"reasoning_content":"Step 4: what is there?"');
  });

  it('a window that only a refusal tells is met by one refusal', async () => {
    const strict = strictServers.find(({ name }) => name === 'window-4096-unknown') ?? fail('window-4096-unknown');
    await investigate(strict);
    // Requests that sum up old turns come beside the investigation's own.
    expect(refusals()).toHaveLength(1);
  });

  it('a window of 4,096 tokens: no request is refused, and the instructions with the tools take at most 1,200', async () => {
    const strict = strictServers.find(({ name }) => name === 'window-4096') ?? fail('window-4096');
    await investigate(strict);
    expect(refusals()).toEqual([]);
    const { messages, tools } = model.chats()[0]?.body ?? {};
    const system = Array.isArray(messages) ? messages[0] : undefined;
    expect(system).toMatchObject({ role: 'system' });
    expect(countTokens([system ?? null], tools)).toBeLessThanOrEqual(1_200);
  });
});

async function investigate({ provider, model: name, options }: StrictServer, ...flags: readonly string[]): Promise<Ended> {
  model = await startScriptedServer({ ...options, script: playInvestigation() });
  return place.run([...flags, `--llm-provider=${provider}`, `--model=${name}`, question], { env: environment() });
}

function environment(): Readonly<Record<string, string>> {
  const key = 'sk-strict-0123456789abcdef';
  return { ...endpointsOf(model), KUBECONFIG: cluster.kubeconfig, DEEPSEEK_API_KEY: key, VOLCES_API_KEY: key, OPENAI_API_KEY: key };
}

/** Requests that are longer than the window. */
function refusals(): readonly RecordedRequest[] {
  return model.chats().filter(({ body }) => countTokens(Array.isArray(body['messages']) ? body['messages'] : [], body['tools']) > 4_096);
}

function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'checkout', 'app.kubernetes.io/part-of': 'shop' }, annotations: { note: `${name} `.repeat(20) } },
    spec: {
      containers: [
        {
          name: 'main',
          image: `registry.local/shop/checkout:${name}`,
          env: Array.from({ length: 8 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}-of-${name}` })),
          ports: [{ containerPort: 8_080 }],
        },
      ],
    },
  };
}

function fail(name: string): never {
  throw new Error(`no strict server is called ${name}`);
}
