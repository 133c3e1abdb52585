import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { call, cluster, command, pathWithKubectl, spawned } from './client.ts';

const fake = fileURLToPath(new URL('../../../packages/mcp/test/fixtures/fake-stdio.mjs', import.meta.url));
const fakeYaml = (name: string, ...flags: readonly string[]): string =>
  `  - name: ${name}\n    command: ${process.execPath}\n    args: ${JSON.stringify([fake, ...flags])}\n`;

const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const initialize = line({
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
});

/** The command with its raw streams. */
function raw(args: readonly string[] = ['--mcp-server'], env: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'kw-mcp-home-'));
  const child = spawn(process.execPath, [...command, ...args], { env: { HOME: home, PATH: pathWithKubectl(), ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    messages: () =>
      stdout
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => JSON.parse(text) as Record<string, never>),
  };
}

/** True while a process runs whose command line holds this text. */
function runs(text: string): boolean {
  try {
    return readFileSync('/proc/self/status', 'utf8') !== '' && listProcesses().some((commandLine) => commandLine.includes(text));
  } catch {
    return false;
  }
}

function listProcesses(): readonly string[] {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}

describe('on standard streams', () => {
  it('S121: initialize and tools/list give kubectl and bash, without a key, a cluster or a kubeconfig', async () => {
    const { client } = await spawned();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['kubectl', 'bash']));
    for (const { title, description, annotations } of tools) {
      expect(title).toBeDefined();
      expect(description).toBeDefined();
      expect(Object.keys(annotations ?? {})).toEqual(
        expect.arrayContaining(['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint']),
      );
    }
    const json = JSON.stringify(tools);
    expect(json.length).toBeLessThan(4_096);
    expect(json.length / 4).toBeLessThan(900);
    expect((client.getInstructions() ?? '').length / 4).toBeLessThan(300);
  });

  it('S121: standard output carries JSON-RPC only, also for what is no JSON and on signals', async () => {
    const { child, ended, messages, stdout } = raw();
    child.stdin.write(initialize);
    child.stdin.write('this is no json\n');
    child.stdin.write('{"no":"message"}\n');
    await expect.poll(() => messages().length, { timeout: 10_000 }).toBe(3);
    child.kill('SIGTERM');
    await ended;
    for (const text of stdout().trim().split('\n')) expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0' });
    expect(messages().filter(({ error }) => error !== undefined)).toHaveLength(2);
  });

  it('negotiates an unknown protocol version', async () => {
    const { child, messages, ended } = raw();
    child.stdin.end(initialize.replace('2025-11-25', '2031-01-01'));
    await ended;
    expect(messages()[0]).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
  });

  it('S124, S125: the documented command lines of Claude Desktop and VS Code are spoken to by a client', async () => {
    const { client } = await spawned({ args: ['--mcp-server', '--external-tools'] });
    expect((await client.listTools()).tools.length).toBeGreaterThan(1);
  });

  it('S123: --external-tools alone is refused', async () => {
    const { child, ended, stderr } = raw(['--external-tools']);
    child.stdin.end();
    expect(await ended).not.toBe(0);
    expect(stderr()).toMatch(/--mcp-server --external-tools/);
  });

  it('a question of a server behind names it', async () => {
    const asked: string[] = [];
    const upstream = fileURLToPath(new URL('fixtures/conformance-upstream.ts', import.meta.url));
    const { client } = await spawned({
      args: ['--mcp-server', '--external-tools'],
      mcpYaml: `servers:\n  - name: tickets\n    command: ${process.execPath}\n    args: ["${upstream}"]\n    trust: true\n`,
      elicit: (message) => {
        asked.push(message);
        return 'decline';
      },
    });
    await client.listTools();
    await call(client, 'tickets__test_elicitation', { message: 'Who are you?' });
    expect(asked).toEqual(['MCP server "tickets" asks: Who are you?']);
  });

  it('S122: --external-tools lists and calls the tools of the configured servers', async () => {
    const { client } = await spawned({ args: ['--mcp-server', '--external-tools'], mcpYaml: `servers:\n${fakeYaml('demo')}` });
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('demo__echo');
    expect(await call(client, 'demo__echo', { text: 'hi' })).toMatchObject({ text: 'echo: hi', isError: false });
    expect((await call(client, 'demo__both', {})).result).toMatchObject({
      structuredContent: { a: 1 },
      content: [{ type: 'text', text: '{"a":1}' }],
    });
    expect(await call(client, 'demo__fail', {})).toMatchObject({ text: 'it went wrong', isError: true });
  });

  it('S126: kubectl get pods runs against the cluster', async () => {
    const { kubeconfigPath, kubectl } = await cluster();
    await kubectl('create', 'configmap', 'settings', '-n', 'shop', '--from-literal=a=b');
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    expect((await call(client, 'kubectl', { command: 'kubectl get pods' })).isError).toBe(false);
    expect((await call(client, 'kubectl', { command: 'kubectl get configmaps -n shop' })).text).toContain('settings');
  });

  it('a write is refused where the client cannot ask, runs once it is accepted, and does not where it is declined', async () => {
    const { kubeconfigPath, kubectl, requests } = await cluster();
    const mute = await spawned({ kubeconfig: kubeconfigPath });
    const refused = await call(mute.client, 'kubectl', { command: 'kubectl create configmap one -n shop' });
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('--skip-permissions') });
    const asked: string[] = [];
    let answer: 'accept' | 'decline' = 'decline';
    const { client } = await spawned({
      kubeconfig: kubeconfigPath,
      elicit: (message) => {
        asked.push(message);
        return answer;
      },
    });
    expect(await call(client, 'kubectl', { command: 'kubectl create configmap one -n shop' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('declined'),
    });
    expect(await kubectl('get', 'configmaps', '-n', 'shop', '-o', 'name')).not.toContain('configmap/one');
    answer = 'accept';
    expect((await call(client, 'kubectl', { command: 'kubectl create configmap one -n shop' })).text).toContain('created');
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatch(/kubectl create configmap one -n shop[\s\S]*Cluster:/);
    expect(
      requests.filter(({ method, path }) => method === 'POST' && path.includes('/configmaps') && !path.includes('dryRun')),
    ).toHaveLength(1);
  });

  it('--read-only holds in the executor and in the listing, whatever is accepted', async () => {
    const { kubeconfigPath, kubectl } = await cluster();
    const { client } = await spawned({ kubeconfig: kubeconfigPath, args: ['--mcp-server', '--read-only'], elicit: () => 'accept' });
    const { tools } = await client.listTools();
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    expect(await call(client, 'kubectl', { command: 'kubectl delete namespace shop' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('read-only'),
    });
    expect(await kubectl('get', 'namespace', 'shop', '-o', 'name')).toContain('shop');
  });

  it('values of Secrets are hidden in every output format', async () => {
    const { kubeconfigPath, kubectl } = await cluster();
    await kubectl('create', 'secret', 'generic', 'db', '-n', 'shop', '--from-literal=password=hunter2-hunter2');
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    const base64 = Buffer.from('hunter2-hunter2').toString('base64');
    for (const format of ['yaml', 'json', 'jsonpath={.data.password}', 'go-template={{.data.password}}']) {
      const { text } = await call(client, 'kubectl', { command: `kubectl get secret db -n shop -o ${format}` });
      expect(text).not.toContain(base64);
      expect(text).not.toContain('hunter2');
    }
    const resource = await client
      .readResource({ uri: 'k8s://sandbox/shop/secret/db' })
      .catch((error: unknown) => ({ error: String(error) }));
    expect(JSON.stringify(resource)).not.toContain(base64);
  });

  it('an object is read as a resource, and contexts, namespaces and kinds are completed', async () => {
    const { kubeconfigPath, kubectl } = await cluster();
    await kubectl('create', 'configmap', 'settings', '-n', 'shop', '--from-literal=a=b');
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    const context = (await kubectl('config', 'current-context')).trim();
    const { contents } = await client.readResource({ uri: `k8s://${context}/shop/configmap/settings` });
    expect(contents[0]).toMatchObject({ mimeType: 'application/yaml', text: expect.stringContaining('a: b') });
    const ref = { type: 'ref/resource', uri: 'k8s://{context}/{namespace}/{kind}/{name}' } as const;
    const complete = async (name: string, value: string) => (await client.complete({ ref, argument: { name, value } })).completion.values;
    expect(await complete('context', '')).toContain(context);
    expect(await complete('namespace', 'sh')).toEqual(['shop']);
    expect(await complete('kind', 'conf')).toContain('configmaps');
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(expect.arrayContaining(['diagnose', 'cluster-health']));
    expect((await client.getPrompt({ name: 'diagnose', arguments: { problem: 'checkout is down' } })).messages[0]?.content).toMatchObject({
      type: 'text',
      text: expect.stringContaining('checkout is down'),
    });
  });

  it('an unknown tool is -32602; a wrong argument is a result that names it', async () => {
    const { client } = await spawned();
    await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    expect(await call(client, 'kubectl', { commnad: 'kubectl get pods' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('command'),
    });
  });

  it('a failure carries the exit code and what kubectl said', async () => {
    const { kubeconfigPath } = await cluster();
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    const { text, isError } = await call(client, 'kubectl', { command: 'kubectl get pod nowhere -n shop' });
    expect(isError).toBe(true);
    expect(text).toMatch(/not found/);
    expect(text).toMatch(/exit code 1/);
  });

  it('a text over 64 KiB is cut at a line, says how to ask for less, and links the whole', async () => {
    const { kubeconfigPath } = await cluster();
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    const { text, result } = await call(client, 'bash', { command: 'seq 1 30000' });
    expect(Buffer.byteLength(text)).toBeLessThan(66 * 1024);
    expect(text).toMatch(/\[cut: lines 1-\d+ of 30000/);
    const link = result.content.find((item) => item.type === 'resource_link');
    const { contents } = await client.readResource({ uri: link?.type === 'resource_link' ? link.uri : '' });
    expect(contents[0]).toMatchObject({ text: expect.stringMatching(/\n30000$/) });
  });

  it('one hung call blocks nothing: ping and other calls are answered, 20 calls run beside each other', async () => {
    const { kubeconfigPath } = await cluster();
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    await client.listTools();
    const left = new AbortController();
    const progress: unknown[] = [];
    const hung = client.callTool({ name: 'bash', arguments: { command: 'sleep 5.25' } }, undefined, {
      signal: left.signal,
      onprogress: (each) => progress.push(each),
      timeout: 60_000,
    });
    hung.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    await client.ping();
    expect(performance.now() - before).toBeLessThan(500);
    const texts = await Promise.all(Array.from({ length: 20 }, (_, index) => call(client, 'bash', { command: `echo call-${index}` })));
    expect(texts.map(({ text }) => text.trim())).toEqual(Array.from({ length: 20 }, (_, index) => `call-${index}`));
    await hung;
    expect(progress.length).toBeGreaterThan(0);
    left.abort();
  });

  it('cancelling a call ends its process within 2 s', async () => {
    const { kubeconfigPath } = await cluster();
    const { client } = await spawned({ kubeconfig: kubeconfigPath });
    const left = new AbortController();
    const mark = `31.${process.pid}`;
    const hung = client.callTool({ name: 'bash', arguments: { command: `sleep ${mark}` } }, undefined, {
      signal: left.signal,
      timeout: 60_000,
    });
    hung.catch(() => undefined);
    await expect.poll(() => runs(`sleep ${mark}`), { timeout: 10_000 }).toBe(true);
    left.abort();
    await expect.poll(() => runs(`sleep ${mark}`), { timeout: 2_000 }).toBe(false);
  });

  it.each(['the end of input', 'SIGTERM'])('%s ends the server and what it started within 2 s', async (how) => {
    const mark = `${how === 'SIGTERM' ? 41 : 42}.${process.pid}`;
    const { child, ended, messages } = raw();
    child.stdin.write(initialize);
    await expect.poll(() => messages().length, { timeout: 10_000 }).toBe(1);
    child.stdin.write(line({ method: 'notifications/initialized' }));
    child.stdin.write(line({ id: 2, method: 'tools/call', params: { name: 'bash', arguments: { command: `sleep ${mark}` } } }));
    await expect.poll(() => runs(`sleep ${mark}`), { timeout: 10_000 }).toBe(true);
    const before = performance.now();
    if (how === 'SIGTERM') child.kill('SIGTERM');
    else child.stdin.end();
    expect(await ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(2_500);
    await expect.poll(() => runs(`sleep ${mark}`), { timeout: 1_000 }).toBe(false);
  });

  it('of three servers, a dead and a mute one delay nothing and hide no other; a killed one is healed on the next call', async () => {
    const { client, home } = await spawned({
      args: ['--mcp-server', '--external-tools'],
      mcpYaml: `servers:\n${fakeYaml('dead', '--dead')}${fakeYaml('mute', '--mute')}${fakeYaml('good')}`,
    });
    const before = performance.now();
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(names).toEqual(expect.arrayContaining(['kubectl', 'good__echo']));
    expect(await call(client, 'good__crash', {})).toMatchObject({ isError: true, text: expect.stringContaining('"good"') });
    expect(await call(client, 'good__echo', { text: 'again' })).toMatchObject({ isError: false, text: 'echo: again' });
    expect(home).not.toBe('');
  });

  it('progress tokens are re-mapped, and an error of a server is passed on with its code', async () => {
    const { client } = await spawned({ args: ['--mcp-server', '--external-tools'], mcpYaml: `servers:\n${fakeYaml('good')}` });
    const seen: unknown[] = [];
    await client.listTools();
    await client.callTool({ name: 'good__slow', arguments: {} }, undefined, { onprogress: (progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3 })));
  });

  it('started servers get nothing of our keys', async () => {
    const { client } = await spawned({
      args: ['--mcp-server', '--external-tools'],
      mcpYaml: `servers:\n${fakeYaml('good')}`,
      env: { DEEPSEEK_API_KEY: 'sk-0123456789abcdef0123456789abcdef' },
    });
    await client.listTools();
    const { text } = await call(client, 'good__env', {});
    expect(text).not.toContain('DEEPSEEK_API_KEY');
  });
});

it('custom tools and prompts that change are told, and listed as they are now', async () => {
  const { client, home } = await spawned();
  const folder = join(home, '.config/kubelet-wuhrai');
  const told: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void told.push(method);
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('helm');
  await new Promise((resolve) => setTimeout(resolve, 300));
  writeFileSync(join(folder, 'tools.yaml'), '- name: helm\n  description: Helm.\n  command: helm\n  command_desc: The command.\n', {
    mode: 0o600,
  });
  await expect.poll(() => told, { timeout: 5_000 }).toContain('notifications/tools/list_changed');
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('helm');
  mkdirSync(join(folder, 'prompts'));
  writeFileSync(join(folder, 'prompts/handover.md'), '# A hand-over\nWrite a hand-over for {{team}}.\n');
  expect((await client.listPrompts()).prompts).toContainEqual(
    expect.objectContaining({ name: 'handover', description: 'A hand-over', arguments: [{ name: 'team', required: true }] }),
  );
  expect((await client.getPrompt({ name: 'handover', arguments: { team: 'blue' } })).messages[0]?.content).toMatchObject({
    text: 'Write a hand-over for blue.',
  });
  await expect(client.getPrompt({ name: 'handover', arguments: {} })).rejects.toThrow(/needs the argument team/);
});
