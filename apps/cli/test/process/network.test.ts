import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { chmod, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import type { RecordingProxy } from './recording-proxy.ts';
import { selfSigned } from './self-signed.ts';
import { putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({ DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await place.remove();
  for (const close of closing.splice(0).toReversed()) await close();
  await model.close();
});

const plainPort = (): number => Number(new URL(model.url).port);

/** The model behind TLS with a certificate that nobody trusts; gives its port. */
async function securePort(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(selfSigned, (socket) => {
    const onward = connect(plainPort(), '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => [socket, onward].forEach((both) => both.destroy()));
    }
    socket.pipe(onward).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startProxy(target: { readonly port: number } | { readonly status: number }): Promise<RecordingProxy> {
  const proxy = await startRecordingProxy({ target });
  closing.push(proxy.close);
  return proxy;
}

describe('proxies', () => {
  it.each([
    ['S2', 'deepseek', 'api.deepseek.com:443', [], 'deepseek-chat'],
    ['S12', 'qwen', 'dashscope.aliyuncs.com:443', ['--llm-provider=qwen'], 'qwen-plus'],
    ['S19', 'doubao', 'ark.cn-beijing.volces.com:443', ['--llm-provider=doubao'], 'doubao-pro-4k'],
    ['S154', 'qwen', 'dashscope.aliyuncs.com:443', ['--model=qwen-turbo'], 'qwen-turbo'],
    ['S158', 'doubao', 'ark.cn-beijing.volces.com:443', ['--model=doubao-lite-4k'], 'doubao-lite-4k'],
    ['S159', 'qwen', 'dashscope.aliyuncs.com:443', ['--model=qwen-turbo'], 'qwen-turbo'],
    ['S160', 'deepseek', 'api.deepseek.com:443', ['--model=deepseek-coder'], 'deepseek-coder'],
    ['S161', 'qwen', 'dashscope.aliyuncs.com:443', ['--model=qwen-max'], 'qwen-max'],
    ['S162', 'doubao', 'ark.cn-beijing.volces.com:443', ['--model=doubao-pro-128k'], 'doubao-pro-128k'],
  ] as const)('%s: %s is asked at %s', async (_row, provider, host, flags, name) => {
    const proxy = await startProxy({ port: await securePort() });
    const { code, stdout, stderr } = await place.run([...flags, 'quick query'], {
      env: {
        HTTPS_PROXY: proxy.url,
        LLM_SKIP_VERIFY_SSL: 'true',
        DASHSCOPE_API_KEY: 'sk-dashscope-0123456789',
        VOLCES_API_KEY: 'volces-key-0123456789',
      },
    });
    expect({ code, stdout, seen: new Set(proxy.seen) }).toEqual({ code: 0, stdout: 'All is well.\n', seen: new Set([`CONNECT ${host}`]) });
    expect(model.chats()[0]?.body['model']).toBe(name);
    expect(stderr).toContain(`model service ${provider} are not verified`);
  });

  it('S140: HTTP_PROXY is asked for a plain address', async () => {
    const proxy = await startProxy({ port: plainPort() });
    const { code, stdout } = await place.run(['test'], { env: { HTTP_PROXY: proxy.url, DEEPSEEK_ENDPOINT: 'http://llm.example:8000/v1' } });
    expect({ code, stdout, seen: proxy.seen }).toEqual({
      code: 0,
      stdout: 'All is well.\n',
      seen: ['POST http://llm.example:8000/v1/chat/completions'],
    });
  });

  it('S140: http_proxy on this machine is asked for a server on this machine, too', async () => {
    const proxy = await startProxy({ port: plainPort() });
    const { code } = await place.run(['test'], { env: { http_proxy: proxy.url, DEEPSEEK_ENDPOINT: model.url } });
    expect({ code, seen: proxy.seen }).toEqual({ code: 0, seen: [`POST ${model.url}/chat/completions`] });
  });

  it('S141: NO_PROXY is reached directly', async () => {
    const proxy = await startProxy({ status: 502 });
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: 'other.example,127.0.0.0/8', DEEPSEEK_ENDPOINT: model.url };
    const { code, stdout } = await place.run(['test'], { env });
    expect({ code, stdout, seen: proxy.seen }).toEqual({ code: 0, stdout: 'All is well.\n', seen: [] });
  });

  it('S141: a proxy that refuses is named with the way out, in one line and without a stack', async () => {
    const proxy = await startProxy({ status: 407 });
    const { code, stdout, stderr } = await place.run(['--quiet', 'test'], { env: { HTTPS_PROXY: proxy.url } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`through the proxy ${proxy.url} (HTTPS_PROXY)`);
    expect(stderr).toContain('check the user name and the password');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(proxy.seen).toEqual(['CONNECT api.deepseek.com:443']);
  });
});

describe('certificates', () => {
  it('S139: LLM_SKIP_VERIFY_SSL accepts a self-signed certificate that is refused without it', async () => {
    const env = { DEEPSEEK_ENDPOINT: `https://127.0.0.1:${await securePort()}/v1` };
    const refused = await place.run(['--quiet', 'test'], { env });
    expect({ code: refused.code, stdout: refused.stdout, asked: model.chats().length }).toEqual({ code: 1, stdout: '', asked: 0 });
    expect(refused.stderr).toContain('NODE_EXTRA_CA_CERTS');
    for (const value of ['true', '1']) {
      const { code, stdout, stderr } = await place.run(['--quiet', 'test'], { env: { ...env, LLM_SKIP_VERIFY_SSL: value } });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
      expect(stderr).toContain('are not verified');
    }
    expect((await place.run(['--quiet', '--skip-verify-ssl', 'test'], { env })).code).toBe(0);
  });

  it('an authority of NODE_EXTRA_CA_CERTS is trusted, directly and through a proxy', async () => {
    const port = await securePort();
    const authority = join(place.home, 'ca.pem');
    await writeFile(authority, selfSigned.cert);
    const env = { NODE_EXTRA_CA_CERTS: authority, DEEPSEEK_ENDPOINT: `https://127.0.0.1:${port}/v1` };
    const direct = await place.run(['--quiet', 'test'], { env });
    const proxy = await startProxy({ port });
    const tunnelled = await place.run(['--quiet', 'test'], { env: { ...env, HTTPS_PROXY: proxy.url } });
    expect([direct, tunnelled]).toEqual([
      { code: 0, stdout: 'All is well.\n', stderr: '' },
      { code: 0, stdout: 'All is well.\n', stderr: '' },
    ]);
    expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${port}`]);
  });
});

describe('connections', () => {
  it('S138: a server that does not answer is a connection timeout within 30 s', { timeout: 60_000 }, async () => {
    // It listens and accepts nothing: once its queue is full, what connects hangs as at an address that nobody routes.
    const script = `const server = require('node:net').createServer();
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write('port ' + server.address().port + ' .', () =>
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)));`;
    const listener = place.program(commandNode, ['-e', script]);
    await listener.shows(' .');
    const port = Number(/port (\d+)/.exec(listener.stdout())?.[1]);
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    closing.push(() => fillers.forEach((filler) => filler.destroy()));
    const started = performance.now();
    const { code, stdout, stderr } = await place.run(['--quiet', 'x'], { env: { DEEPSEEK_ENDPOINT: `http://127.0.0.1:${port}/v1` } });
    const seconds = (performance.now() - started) / 1000;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('connection timeout');
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(seconds).toBeLessThan(30);
  });

  it('a redirect to another origin is not followed, and the key stays', async () => {
    const other = await startScriptedServer({ fallback: { text: 'stolen' } });
    closing.push(() => other.close());
    model.enqueue({ fault: { type: 'redirect', location: `${other.url}/chat/completions`, status: 307 } });
    const { code, stdout, stderr } = await place.run(['--quiet', 'x'], { env: { DEEPSEEK_ENDPOINT: model.url } });
    expect({ code, stdout, asked: other.requests }).toEqual({ code: 1, stdout: '', asked: [] });
    expect(stderr).toContain('redirects to');
  });
});

describe('keys of the vendor’s own tool', () => {
  it('vertexai is asked with the token that gcloud prints', async () => {
    const path = await putOnPath(place, 'gcloud', '#!/bin/sh\n[ "$*" = "auth print-access-token" ] && echo ya29.token-0123456789\n');
    await chmod(join(place.home, 'bin/gcloud'), 0o755);
    const { code, stdout } = await place.run(['--llm-provider=vertexai', '--model=google/gemini-x', 'test'], {
      env: { PATH: path, VERTEXAI_ENDPOINT: model.url },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer ya29.token-0123456789');
  });
});
