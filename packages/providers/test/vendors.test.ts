import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  type AssistantMessage,
  type ChatModel,
  type ChatModelOptions,
  createChatModel,
  findPreset,
  type JsonObject,
  type JsonValue,
  type Language,
  type Message,
  presets,
  type Quirks,
  toolCallsOf,
  type Usage,
} from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { type ByteAnswer, events, json, serveBytes } from './byte-server.ts';
import { hello, seeded, withTools } from './support.ts';

interface ErrorFixture {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly body: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attempts?: number;
  readonly retryAfterMs?: number;
  readonly says?: { readonly en: string; readonly zh: string };
  readonly quirks?: Partial<Quirks>;
  readonly source: string;
}

interface HistoryFixture {
  readonly model: string;
  readonly rule: string;
  readonly expected: {
    readonly text: string;
    readonly reasoning: string;
    readonly reason: string;
    readonly calls: readonly JsonObject[];
    readonly usage: Usage;
  };
  readonly sentBack: JsonObject;
}

const folder = new URL('fixtures/', import.meta.url);
const vendors = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);

async function readText(vendor: string, file: string): Promise<string> {
  return readFile(new URL(`${vendor}/${file}`, folder), 'utf8');
}

async function readErrors(vendor: string): Promise<readonly ErrorFixture[]> {
  const fixtures: readonly ErrorFixture[] = JSON.parse(await readText(vendor, 'errors.json'));
  return fixtures;
}

async function readHistory(vendor: string): Promise<HistoryFixture> {
  const fixture: HistoryFixture = JSON.parse(await readText(vendor, 'history.json'));
  return fixture;
}

/** A model of a vendor at a server of bytes, which does not wait between attempts. */
function modelOf(vendor: string, origin: string, options: Partial<ChatModelOptions> = {}): ChatModel {
  const path = vendor === 'azopenai' ? '/openai?api-version=2024-10-21' : '/v1';
  let slept = 0;
  return createChatModel({
    preset: vendor,
    apiKey: 'key-0123456789abcdef',
    baseURL: `${origin}${path}`,
    random: seeded(1),
    clock: { wall: () => Date.parse('2026-11-25T12:00:00Z'), monotonic: () => performance.now() + slept },
    sleep: (ms) => {
      slept += ms;
      return Promise.resolve();
    },
    ...options,
  });
}

/** The bytes as one answer, and cut into single bytes with CRLF at the ends of lines. */
async function streams(vendor: string): Promise<readonly ByteAnswer[]> {
  const text = await readText(vendor, 'stream.txt');
  return [events(text), events(text.replaceAll('\n', '\r\n'))];
}

describe('the fixtures', () => {
  it('there is a folder for each provider that has a server of its own', () => {
    const wanted = presets.filter(({ id, builtIn }) => builtIn !== true && id !== 'openai-compatible').map(({ id }) => id);
    expect(vendors.toSorted()).toEqual(wanted.toSorted());
  });
});

describe.each(vendors)('%s', (vendor) => {
  it('its stream is read: text, reasoning, calls, usage', async () => {
    const { model, expected } = await readHistory(vendor);
    for (const answer of await streams(vendor)) {
      const server = await serveBytes(answer);
      const { text, reasoning, finish } = await collect(modelOf(vendor, server.origin, { model }).stream(withTools));
      const calls = toolCallsOf(finish.message).map(({ type: _type, ...call }) => call);
      expect({ text, reasoning, reason: finish.reason, calls, usage: finish.usage }).toEqual(expected);
      expect(server.seen).toHaveLength(1);
    }
  });

  it('reliability 17: what it must get back is sent back, byte for byte', async () => {
    const { model, sentBack, rule } = await readHistory(vendor);
    const [answer = json({})] = await streams(vendor);
    const server = await serveBytes(answer);
    const chat = modelOf(vendor, server.origin, { model });
    const { finish } = await collect(chat.stream(withTools));
    // Through a log and back.
    const kept: AssistantMessage = JSON.parse(JSON.stringify(finish.message));
    const results: Message[] = toolCallsOf(kept).map(({ id, name }) => ({
      role: 'tool',
      callId: id,
      name,
      content: 'web-0',
      isError: false,
    }));
    await collect(chat.stream({ ...withTools, messages: [...withTools.messages, kept, ...results] }));
    const sent = server.seen[1]?.body['messages'];
    expect({ rule, sent: Array.isArray(sent) ? sent[1] : sent }).toEqual({ rule, sent: sentBack });
  });
});

const failures = (
  await Promise.all(vendors.map(async (vendor) => (await readErrors(vendor)).map((fixture) => ({ ...fixture, vendor }))))
).flat();

/** What a vendor's error becomes, and how often it was asked for. */
async function failWith(
  fixture: (typeof failures)[number],
  language: Language,
): Promise<{ readonly error: unknown; readonly posts: number }> {
  const { vendor, status, body, headers, quirks } = fixture;
  const server = await serveBytes(json(body, status, headers));
  const model = modelOf(vendor, server.origin, { model: 'nonsense', language, ...(quirks === undefined ? {} : { quirks }) });
  const error: unknown = await collect(model.stream(withTools)).catch((thrown: unknown) => thrown);
  return { error, posts: server.seen.filter(({ method }) => method === 'POST').length };
}

describe('reliability 4: errors in the words of the vendors', () => {
  it.each(failures)('$vendor, $name: $code in English, with provider and model', async (fixture) => {
    const { vendor, status, code, attempts = 1, retryAfterMs } = fixture;
    const { error, posts } = await failWith(fixture, 'en');
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^(?!.*9abc)(?=.*${vendor})(?=.*nonsense)[^\\u3400-\\u9fff]*$`)),
      details: { provider: vendor, model: 'nonsense', status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    });
    expect(posts).toBe(attempts);
  });

  it.each(failures)('$vendor, $name: the same in Chinese', async (fixture) => {
    const { error } = await failWith(fixture, 'zh');
    expect(error).toMatchObject({ code: fixture.code, message: expect.stringMatching(/[\u3400-\u9fff].*nonsense/) });
  });

  it.each(failures.filter(({ says }) => says !== undefined))("$vendor, $name: names the vendor's own way out", async (fixture) => {
    const said = { en: (await failWith(fixture, 'en')).error, zh: (await failWith(fixture, 'zh')).error };
    expect(said).toMatchObject({
      en: { message: expect.stringContaining(fixture.says?.en ?? '') },
      zh: { message: expect.stringContaining(fixture.says?.zh ?? '') },
    });
  });

  it('each says where its words were read, and an unknown model is among those of every provider that knows names', () => {
    expect(failures.filter(({ source }) => source === '')).toEqual([]);
    const knowing = failures.filter(({ code }) => code === 'model-not-found').map(({ vendor }) => vendor);
    expect(vendors.filter((vendor) => !knowing.includes(vendor))).toEqual(['llamacpp']);
    expect(vendors.map((vendor) => findPreset(vendor)?.id)).toEqual(vendors);
  });
});

describe('OpenAI models that reason', () => {
  it.each(['gpt-6-luna', 'gpt-5.6-terra'])('%s gets tools only with its reasoning switched off by name', async (model) => {
    const [answer = json({})] = await streams('openai');
    const server = await serveBytes(answer);
    const chat = modelOf('openai', server.origin, { model });
    await collect(chat.stream(withTools));
    await collect(chat.stream(hello));
    expect(server.seen[0]?.body).toMatchObject({ reasoning_effort: 'none' });
    expect(server.seen[1]?.body).not.toHaveProperty('reasoning_effort');
  });

  it('a newer one teaches it by its refusal, once', async () => {
    const refusal = json(
      {
        error: {
          message:
            "Function tools with reasoning_effort are not supported for house-1 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
          type: 'invalid_request_error',
          param: 'reasoning_effort',
          code: null,
        },
      },
      400,
    );
    const [answer = json({})] = await streams('openai');
    const server = await serveBytes(refusal, answer);
    const chat = modelOf('openai', server.origin, { model: 'house-1' });
    await collect(chat.stream(withTools));
    await collect(chat.stream(withTools));
    expect(server.seen.map(({ body }) => body['reasoning_effort'])).toEqual([undefined, 'none', 'none']);
  });
});
