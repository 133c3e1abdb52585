import { startScriptedServer } from '@kw/providers/testing';
import type { Fault, ServerTurn } from '@kw/providers/testing';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { call, inScene, question, readEvents, textOf } from './scene.ts';
import { selfSigned } from './self-signed.ts';

const status = (code: number, headers: Readonly<Record<string, string>> = {}, message = `scripted status ${code}`): ServerTurn => ({
  fault: { type: 'status', status: code, headers, body: { error: { message } } },
});
const noStack = /\n\s+at /;

describe('a model service that is busy', { timeout: 90_000 }, () => {
  it.each([
    ['seconds', { 'retry-after': '1' }, /^rate limited, retrying in 1 s$/m, 1_000],
    ['milliseconds', { 'retry-after-ms': '300' }, /^rate limited, retrying in 3\d\d ms$/m, 300],
    ['a past date', { 'retry-after': 'Wed, 25 Nov 2020 12:00:00 GMT' }, /^rate limited, retrying now$/m, 0],
  ])('reliability 1: a Retry-After in %s is waited for, said, and the run goes on', async (_, headers, said, waitMs) => {
    await inScene(async (scene) => {
      const at = performance.now();
      const { code, stdout, stderr } = await scene.say([status(429, headers), { text: 'Here I am.' }]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'Here I am.\n' });
      expect(stderr).toMatch(said);
      expect(performance.now() - at).toBeGreaterThanOrEqual(waitMs);
      expect(scene.model.chats()).toHaveLength(2);
      await scene.expectNothingLeft();
    });
  });

  it.each([
    ['a Retry-After of a day', status(429, { 'retry-after': '86400' }), /24 h/],
    ['no quota', status(429, {}, 'You exceeded your current quota, please check your plan and billing details.'), /quota/],
  ])('reliability 2: %s fails at once and names why', async (_, turn, named) => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([turn]);
      expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(outcome['message']).toMatch(named);
      expect(scene.model.chats()).toHaveLength(1);
      await scene.expectNothingLeft();
    });
  });

  it.each([429, 500, 502, 503, 529])('reliability 3: %i for ever is tried five times at most, and then told', async (code) => {
    await inScene(
      async (scene) => {
        const asked = await scene.ask([]);
        expect({ code: asked.code, type: asked.outcome['type'] }).toEqual({ code: 1, type: 'failed' });
        expect(asked.outcome['message']).toContain('attempts');
        expect(asked.ms).toBeLessThan(60_000);
        expect(scene.model.chats().length).toBeLessThanOrEqual(5);
        await scene.expectNothingLeft();
      },
      // Only 503 leaves the waits to the program.
      { fallback: status(code, code === 503 ? {} : { 'retry-after-ms': '20' }) },
    );
  });

  it('reliability 3: a failure that passes is not seen in the answer', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([status(500), status(502), { text: 'All is well.' }]);
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'All is well.' } });
      await scene.expectNothingLeft();
    });
  });
});

describe('a model service that refuses', { timeout: 60_000 }, () => {
  it.each([
    [401, 'Incorrect API key provided: sk-deepseek-0123456789', /DEEPSEEK_API_KEY/],
    [403, 'key sk-deepseek-0123456789 may not use this', /DEEPSEEK_API_KEY/],
    [404, 'The model `deepseek-chat` does not exist.', /deepseek-chat.*--model/],
    [400, 'The supported API model names are deepseek-x or deepseek-y, but you passed deepseek-chat.', /deepseek-chat.*--model/],
    [413, 'request entity too large for sk-deepseek-0123456789', /too large.*shorten/],
  ])('reliability 4: %i is asked for once and told with provider, model and what to set', async (code, message, named) => {
    await inScene(async (scene) => {
      const asked = await scene.ask([status(code, {}, message)]);
      expect({ code: asked.code, type: asked.outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(asked.outcome['message']).toMatch(/deepseek/i);
      expect(asked.outcome['message']).toMatch(named);
      expect(asked.stdout + asked.stderr).not.toContain('sk-deepseek-0123456789');
      expect(asked.stderr).not.toMatch(noStack);
      expect(scene.model.chats()).toHaveLength(1);
      await scene.expectNothingLeft();
    });
  });

  const tooLong: ServerTurn = {
    fault: {
      type: 'status',
      status: 400,
      body: { error: { message: "This model's maximum context length is 4096 tokens.", code: 'context_length_exceeded' } },
    },
  };

  it('reliability 5: a request that is too long is made shorter once, and answered', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([{ toolCalls: [call('get pods')] }, tooLong, { text: 'Shorter.' }, { text: 'Shorter.' }]);
      expect({ code, type: outcome['type'], answer: outcome['answer'] }).toEqual({ code: 0, type: 'completed', answer: 'Shorter.' });
      expect(await scene.ran()).toEqual(['get pods']);
      await scene.expectNothingLeft();
    });
  });

  it('reliability 5: one that stays too long ends with a clear message, not in a loop', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome } = await scene.ask([{ toolCalls: [call('get pods')] }]);
        expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
        expect(outcome['message']).toContain('context length exceeded');
        expect(scene.model.chats().length).toBeLessThanOrEqual(4);
        await scene.expectNothingLeft();
      },
      { fallback: tooLong },
    );
  });

  it('reliability 6: a redirect to another origin is not followed, and the key stays here', async () => {
    const elsewhere = await startScriptedServer({ fallback: { text: 'stolen' } });
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([{ fault: { type: 'redirect', location: `${elsewhere.url}/chat/completions` } }]);
      expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(outcome['message']).toContain('not followed');
      expect(elsewhere.requests).toEqual([]);
      await scene.expectNothingLeft();
    });
    await elsewhere.close();
  });

  it.each<[string, Fault, RegExp]>([
    ['HTML', { type: 'html' }, /not a model API/],
    ['an error body', { type: 'json', body: { error: { message: 'no such deployment', code: 'bad' } } }, /no such deployment/],
    ['an empty object', { type: 'json', body: {} }, /returned nothing|not a model API/],
  ])('reliability 7: 200 with %s is an error, never a silent empty answer', async (_, fault, named) => {
    await inScene(
      async (scene) => {
        const { code, outcome } = await scene.ask([]);
        expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
        expect(outcome['message']).toMatch(named);
        await scene.expectNothingLeft();
      },
      { fallback: { fault } },
    );
  });

  it('reliability 7: JSON where a stream was asked is the answer', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([{ text: 'In one piece.', fault: { type: 'json-answer' } }]);
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'In one piece.' } });
      await scene.expectNothingLeft();
    });
  });
});

describe('a model service that is not reached', { timeout: 60_000 }, () => {
  it('reliability 8: a reset before the headers is tried three times at most', async () => {
    await inScene(
      async (scene) => {
        const { code, outcome, stderr, ms } = await scene.ask([]);
        expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
        expect(outcome['message']).toContain('127.0.0.1');
        expect(stderr).not.toMatch(noStack);
        expect(ms).toBeLessThan(20_000);
        expect(scene.model.chats().length).toBeLessThanOrEqual(3);
        await scene.expectNothingLeft();
      },
      { fallback: { fault: { type: 'reset', after: 'before-headers' } } },
    );
  });

  it.each([
    ['nothing listens', 'http://127.0.0.1:9/v1', /127\.0\.0\.1:9/],
    ['the name is not known', 'http://no-such-host.invalid/v1', /no-such-host\.invalid/],
  ])('reliability 8: %s: the host is named, without a stack, in under 20 s', async (_, endpoint, named) => {
    await inScene(async (scene) => {
      const { code, outcome, stderr, ms } = await scene.ask([], { env: { DEEPSEEK_ENDPOINT: endpoint } });
      expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(outcome['message']).toMatch(named);
      expect(stderr).not.toMatch(noStack);
      expect(ms).toBeLessThan(20_000);
      await scene.expectNothingLeft();
    });
  });

  it('reliability 8: a certificate that nobody trusts: the host is named, without a stack, and nothing is sent', async () => {
    const server = createServer(selfSigned, (_, response) => response.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
    const { port } = server.address() as AddressInfo;
    await inScene(async (scene) => {
      const { code, outcome, stderr, ms } = await scene.ask([], { env: { DEEPSEEK_ENDPOINT: `https://127.0.0.1:${port}/v1` } });
      expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(outcome['message']).toMatch(/127\.0\.0\.1.*certificate/);
      expect(stderr).not.toMatch(noStack);
      expect(ms).toBeLessThan(20_000);
      await scene.expectNothingLeft();
    });
    server.close();
  });
});

describe('a model service that is silent', { timeout: 60_000 }, () => {
  const short = ['--headers-timeout=1', '--first-word-timeout=1', '--idle-timeout=1'];

  it.each<[string, Fault, RegExp]>([
    ['hangs before the headers', { type: 'hang' }, /no answer within 1 s/],
    ['sends nothing after them', { type: 'stall', after: 0 }, /no first word within 1 s/],
    ['sends comments for ever', { type: 'stall', after: 0, heartbeatMs: 50 }, /no first word within 1 s/],
  ])('reliability 9: a service that %s is left at the time that was set', async (_, fault, said) => {
    await inScene(async (scene) => {
      const { code, outcome, ms } = await scene.ask([{ fault }], { flags: short });
      expect({ code, type: outcome['type'] }).toEqual({ code: 1, type: 'failed' });
      expect(outcome['message']).toMatch(said);
      expect(ms).toBeLessThan(10_000);
      await scene.expectNothingLeft();
    });
  });

  it.each([undefined, 50])(
    'reliability 9: a stall in the middle (comments each %s ms) keeps the text and marks it',
    async (heartbeatMs) => {
      await inScene(async (scene) => {
        const stall: Fault = { type: 'stall', after: 3, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) };
        const { events, code, ms, outcome } = await scene.ask([{ text: ['Half an ', 'answer', ' and more'], fault: stall }], {
          flags: short,
        });
        expect(textOf(events)).toBe('Half an answer');
        expect(events.find(({ type }) => type === 'turn-end')).toMatchObject({ partial: true });
        expect({ code, outcome }).toMatchObject({ code: 1, outcome: { type: 'failed', answer: 'Half an answer' } });
        expect(ms).toBeLessThan(10_000);
        expect(scene.model.chats()).toHaveLength(1);
        await scene.expectNothingLeft();
      });
    },
  );

  it('reliability 10: a connection that stays open after the end is closed, and the turn goes on', async () => {
    const kubectl = '#!/bin/sh\ntouch "$HOME/started"\nwhile [ ! -e "$HOME/go" ]; do sleep 0.05; done\necho fine\n';
    await inScene(
      async (scene) => {
        scene.model.enqueue(
          { toolCalls: [call('get pods')], fault: { type: 'keep-open' } },
          { text: 'Done.', fault: { type: 'keep-open' } },
        );
        const run = await scene.place.start(['--output=jsonl', question], { env: scene.env });
        await run.shows('"tool-start"');
        await expect.poll(() => scene.model.answering()).toBe(0);
        // What is left is a spare one, not in use.
        expect(await scene.model.connections()).toBeLessThanOrEqual(1);
        await writeFile(`${scene.place.home}/go`, '');
        const { code, stdout } = await run.ended;
        expect({ code, outcome: readEvents(stdout).outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'Done.' } });
        await scene.expectNothingLeft();
      },
      { kubectl },
    );
  });
});
