import { describe, expect, it } from 'vitest';
import { collect, type ServerTurn } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

const busy = (status: number, headers: Record<string, string> = {}): ServerTurn => ({
  fault: { type: 'status', status, headers, body: { error: { message: 'slow down' } } },
});

describe('reliability 1: 429 with Retry-After', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['milliseconds', { 'retry-after-ms': '450' }, 450],
    ['a date', { 'retry-after': 'Wed, 25 Nov 2026 12:00:20 GMT' }, 20_000],
    ['a past date', { 'retry-after': 'Wed, 25 Nov 2020 12:00:20 GMT' }, 0],
  ])(
    'waits as long as the vendor asks, given as %s, with at most a tenth of jitter, says so and goes on',
    async (_form, headers, wantedMs) => {
      const server = await serve({ script: [busy(429, headers), { text: 'done' }] });
      const model = modelAt(server);
      const { events, text } = await collect(model.stream(hello));
      expect(text).toBe('done');
      expect(model.waits).toHaveLength(1);
      expect(model.waits[0]).toBeGreaterThanOrEqual(wantedMs);
      expect(model.waits[0]).toBeLessThanOrEqual(wantedMs * 1.1);
      expect(events[0]).toMatchObject({
        type: 'retry',
        attempt: 1,
        code: 'rate-limited',
        discarded: false,
        message: expect.stringMatching(/^rate limited, retrying (in \d+ m?s|now)$/),
      });
    },
  );
});

describe('reliability 2: waits that are too long, and quota', () => {
  it('fails at once and names the wait of a day', async () => {
    const server = await serve({ script: [busy(429, { 'retry-after': '86400' })] });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining('24 h'),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['Please try again in 7h12m0s.', '7 h'],
    ['Please retry in 5400s.', '90 min'],
  ])('reads the wait out of the words where no header has it: %s', async (words, shown) => {
    const body = { error: { message: `Rate limit reached on tokens per day. ${words}`, code: 'rate_limit_exceeded' } };
    const server = await serve({ script: [{ fault: { type: 'status', status: 429, body } }] });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'rate-limited',
      message: expect.stringContaining(shown),
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      429,
      {
        error: {
          message: 'You exceeded your current quota, please check your plan and billing details.',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
      },
    ],
    [402, { error: { message: 'Insufficient Balance', type: 'unknown_error', param: null, code: 'invalid_request_error' } }],
    [
      400,
      { error: { message: 'Access denied, please make sure your account is in good standing.', type: 'Arrearage', code: 'Arrearage' } },
    ],
    [
      403,
      {
        error: {
          message: 'The request failed because your account has an overdue balance.',
          code: 'AccountOverdueError',
          type: 'Forbidden',
        },
      },
    ],
  ])('fails at once for want of quota or balance (HTTP %i)', async (status, body) => {
    const server = await serve({ script: [{ fault: { type: 'status', status, body } }] });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'insufficient-quota',
      message: expect.stringContaining('OPENAI_API_KEY'),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('reliability 3: busy for ever', () => {
  it.each([429, 500, 502, 503, 529])('makes at most 5 attempts in under 60 s for %i, then fails with a clear error', async (status) => {
    const server = await serve({ script: () => busy(status) });
    const model = modelAt(server);
    const failed = collect(model.stream(hello));
    await expect(failed).rejects.toMatchObject({
      message: expect.stringMatching(/5 attempts.*slow down/),
      details: { provider: 'openai-compatible', status },
    });
    expect(server.requests).toHaveLength(5);
    expect(model.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(60_000);
  });

  it.each([500, 502, 503, 529])('goes on after a %i that passes', async (status) => {
    const server = await serve({ script: [busy(status), busy(status), { text: 'done' }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('done');
  });

  it('stays under a minute where each answer asks for 20 s', async () => {
    const server = await serve({ script: () => busy(503, { 'retry-after': '20' }) });
    const model = modelAt(server);
    await expect(collect(model.stream(hello))).rejects.toMatchObject({ code: 'overloaded' });
    expect(model.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(60_000);
  });
});

describe('reliability 8: connections that fail', () => {
  it('tries 3 times where the connection is reset before the headers', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'reset', after: 'before-headers' } }) });
    const model = modelAt(server);
    await expect(collect(model.stream(hello))).rejects.toMatchObject({
      code: 'connection-reset',
      message: expect.stringContaining(new URL(server.url).host),
    });
    expect(server.requests).toHaveLength(3);
    expect(model.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(20_000);
  });

  it('goes on after one reset before the headers', async () => {
    const server = await serve({ script: [{ fault: { type: 'reset', after: 'before-headers' } }, { text: 'done' }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('done');
  });

  it('names the host that does not listen and the variable', async () => {
    const server = await serve({});
    await server.close();
    const model = modelAt(server);
    await expect(collect(model.stream(hello))).rejects.toMatchObject({
      code: 'connection-refused',
      message: expect.stringMatching(/nothing listens at 127\.0\.0\.1:\d+.*OPENAI_ENDPOINT/),
    });
    expect(model.waits).toHaveLength(2);
  });

  it('names the host that has no address', async () => {
    const server = await serve({});
    const model = modelAt(server, { baseURL: 'http://no-such-host.invalid/v1' });
    await expect(collect(model.stream(hello))).rejects.toMatchObject({
      code: 'dns',
      message: expect.stringContaining('no-such-host.invalid'),
    });
  });

  it('says that TLS failed and does not try again', async () => {
    const server = await serve({});
    const model = modelAt(server, { baseURL: server.url.replace('http:', 'https:') });
    await expect(collect(model.stream(hello))).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(model.waits).toEqual([]);
  });

  const failing = (code: string, message: string): { fetch: () => Promise<Response>; tries: () => number } => {
    let tries = 0;
    const cause = Object.assign(new Error(message), { code });
    return {
      fetch: () => {
        tries += 1;
        return Promise.reject(new TypeError('fetch failed', { cause }));
      },
      tries: () => tries,
    };
  };

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
    ['CERT_HAS_EXPIRED', 'certificate has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames"],
    ['EPROTO', 'wrong version number'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsv1 alert protocol version'],
  ])('names the ways out of a certificate that is not accepted, after one try: %s', async (code, message) => {
    const server = await serve({});
    const { fetch, tries } = failing(code, message);
    for (const language of ['en', 'zh'] as const) {
      await expect(collect(modelAt(server, { fetch, language }).stream(hello))).rejects.toMatchObject({
        code: 'tls',
        message: expect.stringMatching(
          new RegExp(`127\\.0\\.0\\.1.*NODE_EXTRA_CA_CERTS.*LLM_SKIP_VERIFY_SSL=true.*--skip-verify-ssl.*${message.slice(0, 12)}`),
        ),
      });
    }
    expect(tries()).toBe(2);
  });

  it.each([
    ['ECONNREFUSED', 'connection-refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ETIMEDOUT', 'connection-timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connection-timeout'],
    ['EHOSTUNREACH', 'connection-timeout'],
    ['ECONNRESET', 'connection-reset'],
    ['UND_ERR_SOCKET', 'connection-reset'],
    ['UND_ERR_ABORTED', 'connection-failed'],
  ])('%s is %s after three tries, names the host and shows no stack', async (code, wanted) => {
    const server = await serve({});
    const { fetch, tries } = failing(code, 'it did not work');
    const failed: unknown = await collect(modelAt(server, { fetch }).stream(hello)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: wanted, message: expect.stringMatching(/127\.0\.0\.1:\d+.*\(3 attempts\)/) });
    expect(failed).not.toMatchObject({ message: expect.stringMatching(/\n|\bat .*\.ts/) });
    expect(tries()).toBe(3);
  });

  it('S138: says "connection timeout" and does not begin a second attempt that would end after 20 s', async () => {
    const server = await serve({});
    let slept = 0;
    const fetch = (): Promise<Response> => {
      slept += 10_000;
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' }) }),
      );
    };
    for (const language of ['en', 'zh'] as const) {
      slept = 0;
      const model = modelAt(server, { fetch, language, clock: { wall: () => 0, monotonic: () => slept } });
      await expect(collect(model.stream(hello))).rejects.toMatchObject({
        code: 'connection-timeout',
        message: expect.stringMatching(/^connection timeout.*HTTPS_PROXY.*OPENAI_ENDPOINT/),
      });
      expect(slept).toBe(10_000);
    }
  });
});
