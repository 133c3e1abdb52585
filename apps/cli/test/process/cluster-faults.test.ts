import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from './aftermath.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';
import { kubeconfigOf } from './stub.ts';

let model: ScriptedServer;
let place: Place;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await place.remove();
  for (const close of closing.splice(0)) await close();
  await model.close();
});

/** A cluster that answers everything with one status; counts what it is asked. */
async function startCluster(status: number, reason: string): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: reason, reason, code: status };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** One look at the pods, then an answer. */
async function look(env: Readonly<Record<string, string>>, flags: readonly string[] = []): Promise<Ended> {
  model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] }, { text: 'I could not look.' });
  return place.run([...flags, question], { env });
}

async function kubeconfigWithPlugin(command: string): Promise<string> {
  const path = await kubeconfigOf(place, 'https://127.0.0.1:9');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was written just now
  const config = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' };
  await writeFile(path, JSON.stringify({ ...config, users: [{ name: 'stub', user: { exec } }] }));
  return path;
}

const question = 'what is wrong?';
const told = (): string => JSON.stringify(model.chats().at(-1)?.body['messages']);
const most = 12;

describe('a cluster that can not be used', () => {
  it('reliability 24: an expired token: kubectl says so once, the run goes on, and nobody storms the server', async () => {
    const cluster = await startCluster(401, 'Unauthorized');
    const { code, stdout, stderr } = await look({ KUBECONFIG: await kubeconfigOf(place, cluster.url) });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I could not look.\n' });
    expect(told()).toMatch(/logged in|Unauthorized|credentials/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(cluster.asked.length).toBeLessThanOrEqual(most);
    await expectNothingLeft(place, { model, env: { KUBECONFIG: `${place.home}/kubeconfig` }, reopens: question });
  });

  it('reliability 24: a server in trouble: the same', async () => {
    const cluster = await startCluster(503, 'ServiceUnavailable');
    const { code, stdout } = await look({ KUBECONFIG: await kubeconfigOf(place, cluster.url) });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I could not look.\n' });
    expect(cluster.asked.length).toBeLessThanOrEqual(most);
    await expectNothingLeft(place, { model, env: { KUBECONFIG: `${place.home}/kubeconfig` }, reopens: question });
  });

  it('reliability 24: a plugin for credentials that fails is named to the model; one that is not there is named at once', async () => {
    const failing = await look({ KUBECONFIG: await kubeconfigWithPlugin('/bin/false') });
    expect({ code: failing.code, stdout: failing.stdout }).toEqual({ code: 0, stdout: 'I could not look.\n' });
    expect(told()).toContain('/bin/false');
    const asked = model.chats().length;
    const missing = await look({ KUBECONFIG: await kubeconfigWithPlugin('no-such-plugin') });
    expect({ code: missing.code, stdout: missing.stdout, asked: model.chats().length }).toEqual({ code: 1, stdout: '', asked });
    expect(missing.stderr.trim().split('\n')).toHaveLength(1);
    expect(missing.stderr).toContain('no-such-plugin');
    await expectNothingLeft(place, { model });
  });

  it('reliability 24: a kubeconfig that KUBECONFIG names and that is not there: a warning at the start, and an answer without a cluster', async () => {
    const path = join(place.home, 'nowhere');
    const { code, stdout, stderr } = await look({ KUBECONFIG: path });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'I could not look.\n' });
    expect(stderr).toContain(`KUBECONFIG names ${path}, and there is no such file`);
    await expectNothingLeft(place, { model, reopens: question });
  });

  it('reliability 24: a kubeconfig that a flag names and that is not there: bad usage, nothing is asked', async () => {
    const path = join(place.home, 'nowhere');
    const { code, stdout, stderr } = await look({}, [`--kubeconfig=${path}`]);
    expect({ code, stdout, asked: model.chats() }).toEqual({ code: 2, stdout: '', asked: [] });
    expect(stderr).toContain(path);
    expect(stderr).not.toMatch(/\n\s+at /);
    await expectNothingLeft(place, { model });
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('reliability 25: %s cancels the turn, keeps the session and ends with 130', async (signal) => {
    model.enqueue({ text: ['half ', 'an ', 'answer'], fault: { type: 'stall', after: 2 } });
    const started = await place.start(['--output=jsonl', 'a question'], { env: { KUBECONFIG: await kubeconfigOf(place) } });
    await started.shows('half');
    const at = performance.now();
    started.child.kill(signal);
    const { code } = await started.ended;
    expect(code).toBe(130);
    expect(performance.now() - at).toBeLessThan(5_000);
    const { stdout } = await place.run(['sessions']);
    expect(stdout).toContain('a question');
    await expectNothingLeft(place, { model, reopens: 'a question' });
  });
});
