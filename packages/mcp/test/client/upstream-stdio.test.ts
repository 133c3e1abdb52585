import { join } from 'node:path';
import type { JsonObject } from '@kw/agent';
import { memoryTrustStore } from '@kw/mcp';
import { describe, expect, it } from 'vitest';
import { fakeServer, folder, manager, officialServer, recordsIn } from '../managers.ts';

const call = (name: string, args: JsonObject = {}): JsonObject => ({ name, arguments: args });

describe('a server on standard streams', () => {
  it('S109: command, args and env reach the process, and nothing else of our environment does', async () => {
    const record = join(folder(), 'record');
    const { upstream } = manager([fakeServer('one', ['a b', '--flag'], { env: { NODE_ENV: 'production', RECORD: record } })]);
    await upstream('one').request('tools/call', call('echo', { text: 'hello' }));
    const [first] = recordsIn(record) as unknown as [{ started: { argv: string[]; env: Record<string, string> } }];
    expect(first.started.argv).toEqual(['a b', '--flag']);
    expect(first.started.env).toMatchObject({ NODE_ENV: 'production' });
    expect(first.started.env).not.toHaveProperty('DEEPSEEK_API_KEY');
  });

  it('reads all pages of a list', async () => {
    const { upstream } = manager([fakeServer('one', ['--pages'])]);
    expect(await upstream('one').list('tools')).toHaveLength(9);
  });

  it('a crash in a call is told by name, and the next call starts the program anew', async () => {
    const { upstream, status } = manager([fakeServer('one')]);
    await expect(upstream('one').request('tools/call', call('crash'))).rejects.toThrow(/MCP server "one"/);
    expect(status()[0]).toMatchObject({ state: 'failed' });
    expect(await upstream('one').request('tools/call', call('echo', { text: 'again' }))).toEqual({
      content: [{ type: 'text', text: 'echo: again' }],
    });
    expect(status()[0]).toMatchObject({ state: 'ready' });
  });

  it('31: broken JSON fails the call at once, is named, and heals', async () => {
    const { upstream } = manager([fakeServer('one', [], { timeoutMs: 20_000 })]);
    await expect(upstream('one').request('tools/call', call('broken'))).rejects.toThrow(/MCP server "one"/);
    expect(await upstream('one').request('tools/call', call('echo', { text: 'x' }))).toBeDefined();
  });

  it('31: 10 MB in one answer arrive whole', async () => {
    const { upstream } = manager([fakeServer('one')]);
    const result = await upstream('one').request('tools/call', call('big'));
    expect(JSON.stringify(result).length).toBeGreaterThan(10_000_000);
  });

  it('31: a call that is never answered ends at its time limit, and the server goes on', async () => {
    const { upstream } = manager([fakeServer('one', [], { timeoutMs: 1_000 })]);
    await upstream('one').connected();
    await expect(upstream('one').request('tools/call', call('hang'), { timeoutMs: 200 })).rejects.toThrow(
      /MCP server "one".*timed out.*`timeout`/,
    );
    expect(await upstream('one').request('tools/call', call('echo', { text: 'x' }))).toBeDefined();
  });

  it('a cancelled call rejects with the reason and the server is told', async () => {
    const record = join(folder(), 'record');
    const { upstream } = manager([fakeServer('one', [], { env: { RECORD: record } })]);
    await upstream('one').connected();
    const left = new AbortController();
    const hanging = upstream('one').request('tools/call', call('hang'), { signal: left.signal });
    await expect.poll(() => recordsIn(record)).toContainEqual({ call: { name: 'hang', given: {} } });
    left.abort(new Error('no longer wanted'));
    await expect(hanging).rejects.toThrow('no longer wanted');
    await upstream('one').request('ping', {});
    expect(recordsIn(record)).toContainEqual({ method: 'notifications/cancelled' });
  });

  it('progress is told while a call runs', async () => {
    const { upstream } = manager([fakeServer('one')]);
    const seen: JsonObject[] = [];
    await upstream('one').request('tools/call', call('slow'), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3 })));
  });

  it('closing ends a program that ignores the end of its input and SIGTERM, within 2 s', async () => {
    const record = join(folder(), 'record');
    const { upstream, close } = manager([fakeServer('one', ['--stay'], { env: { RECORD: record } })]);
    await upstream('one').connected();
    const [first] = recordsIn(record) as unknown as [{ started: { pid: number } }];
    const before = performance.now();
    await close();
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(() => process.kill(first.started.pid, 0)).toThrow(/ESRCH/);
  });

  it('S113: a dead and a mute server hold nothing up and are named', async () => {
    const made = manager([fakeServer('dead', ['--dead']), fakeServer('mute', ['--mute'], { timeoutMs: 60_000 }), fakeServer('good')]);
    expect(await made.settled(1_000)).toBe(false);
    expect(made.tools().tools.map(({ name }) => name)).toContain('good__echo');
    expect(made.status()).toMatchObject([
      { state: 'failed', error: expect.stringContaining('"dead"') },
      { state: 'connecting' },
      { state: 'ready' },
    ]);
  });

  it('a command that is not there is told with its name', async () => {
    const { upstream } = manager([{ ...fakeServer('one'), transport: { type: 'stdio', command: 'no-such-program', args: [], env: {} } }]);
    await expect(upstream('one').connected()).rejects.toThrow(/MCP server "one".*no-such-program/);
  });
});

describe('trust', () => {
  it('the first use is shown with command and descriptions, and remembered', async () => {
    const trust = memoryTrustStore();
    const made = manager([fakeServer('one')], { trust });
    await made.settled(5_000);
    expect(made.notices[0]).toMatch(/"one" is used for the first time.*fake-stdio/);
    expect(made.notices[0]).toContain('echo: The tool echo.');
    const again = manager([fakeServer('one')], { trust });
    await again.settled(5_000);
    expect(again.notices).toEqual([]);
  });

  it('tools that changed or came later are disabled until they are approved', async () => {
    const trust = memoryTrustStore();
    await manager([fakeServer('one', ['x'])], { trust }).settled(5_000);
    const { transport } = fakeServer('one', ['x']);
    if (transport.type !== 'stdio') throw new Error('not stdio');
    // The same command line, another answer.
    const changed = { ...fakeServer('one', ['x']), transport: { ...transport, args: [transport.args[0] ?? '', 'x'] } };
    const record = await trust.get('one');
    await trust.set('one', { identity: record?.identity ?? '', tools: { ...record?.tools, echo: 'another hash', env: '' } });
    const made = manager([changed], { trust });
    await made.settled(5_000);
    expect(made.tools().tools.map(({ original }) => original)).not.toContain('echo');
    expect(made.status()[0]?.changedTools).toEqual(['echo', 'env']);
    expect(made.notices.join()).toMatch(/mcp trust one/);
    await made.upstream('one').approve();
    expect(made.tools().tools.map(({ original }) => original)).toContain('echo');
  });

  it('a changed command disables the server until it is approved', async () => {
    const trust = memoryTrustStore();
    await manager([fakeServer('one')], { trust }).settled(5_000);
    const made = manager([fakeServer('one', ['--changed'])], { trust });
    await made.settled(5_000);
    expect(made.status()[0]).toMatchObject({ state: 'disabled', error: expect.stringContaining('mcp trust one') });
    await made.upstream('one').approve();
    expect(made.tools().tools.map(({ original }) => original)).toContain('new');
  });

  it('`trust: true` takes what the server says, `trust: false` nothing before it is approved', async () => {
    const trust = memoryTrustStore();
    await trust.set('one', { identity: 'old', tools: {} });
    const made = manager([fakeServer('one', [], { trust: true }), fakeServer('two', [], { trust: false })], { trust });
    await made.settled(5_000);
    expect(made.status()).toMatchObject([{ state: 'ready' }, { state: 'disabled' }]);
  });
});

describe('official servers', () => {
  it('S147: sequential-thinking is used by name', async () => {
    const made = manager([officialServer('server-sequential-thinking')]);
    expect(await made.settled(15_000)).toBe(true);
    const [tool] = made.tools().tools;
    expect(tool?.name).toBe('sequential-thinking__sequentialthinking');
    const result = await tool?.upstream.request(
      'tools/call',
      call('sequentialthinking', { thought: 'a', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 }),
    );
    expect(result?.['isError']).not.toBe(true);
  });

  it('everything and filesystem are used beside each other', async () => {
    const home = folder();
    const made = manager([officialServer('server-everything'), officialServer('server-filesystem', [home])]);
    expect(await made.settled(15_000)).toBe(true);
    const names = made.tools().tools.map(({ name }) => name);
    expect(names).toContain('everything__echo');
    expect(names).toContain('filesystem__list_directory');
  });
});
