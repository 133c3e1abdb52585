// The MCP server beside two others from npm, in turn, in the same run: time and memory until `initialize` is answered, what the listing of tools costs.
//   initialize: at most 120 ms where `node -e 0` takes 26 ms (a ratio of 4.62), and 60 MiB      tools/list: at most 900 tokens (bytes / 4) and 4 KiB
// The others are installed into a folder of their own, without their install scripts; where the registry is away, ours is measured alone.
// KW_BENCH_MCP_PEERS names a folder in which they are installed already.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cli, inTurn, median, report, runProgram } from './measure.mjs';

const rounds = 11;
const node = process.execPath;
const home = mkdtempSync(join(tmpdir(), 'kw-bench-mcp-'));
const peers = { 'kubernetes-mcp-server': '0.0.67', 'mcp-server-kubernetes': '4.1.7' };

// One of the others does not start without a kubeconfig; nobody answers at this one's server.
const kubeconfig = join(home, 'kubeconfig');
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    clusters: [{ name: 'bench', cluster: { server: 'http://127.0.0.1:1' } }],
    users: [{ name: 'bench', user: { token: 'bench-token-0000' } }],
  }),
);

async function installPeers() {
  if (process.env.KW_BENCH_MCP_PEERS !== undefined) return process.env.KW_BENCH_MCP_PEERS;
  const folder = join(home, 'peers');
  const names = Object.entries(peers).map(([name, version]) => `${name}@${version}`);
  try {
    await promisify(execFile)('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...names], {
      timeout: 300_000,
    });
    return folder;
  } catch (error) {
    console.error(`the others are not measured: ${error.message.split('\n')[0]}`);
    return undefined;
  }
}

/** Starts a server, asks one thing after the other, and ends it. */
async function talk(file, args, lists) {
  const started = performance.now();
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map();
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      try {
        const message = JSON.parse(line);
        waiting.get(message.id)?.(message);
      } catch {
        continue; // something that is no message
      }
    }
  });
  const ended = new Promise((done) => child.once('close', done));
  const ask = (id, method, params) =>
    new Promise((done, failed) => {
      waiting.set(id, done);
      void ended.then(() => failed(new Error('it ended')));
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  try {
    await ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
    const ms = performance.now() - started;
    const mib = memoryOf(child.pid);
    if (!lists) return { ms, mib };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    const { result } = await ask(2, 'tools/list', {});
    return { ms, mib, tools: result.tools.length, bytes: JSON.stringify(result.tools).length };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Resident memory of a process and its children, in MiB: a launcher is no server. */
function memoryOf(pid) {
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + memoryOf(Number(child)), own);
}

const folder = await installPeers();
const servers = {
  'kubelet-wuhrai': [node, [cli, '--mcp-server']],
  ...(folder === undefined
    ? {}
    : Object.fromEntries(Object.keys(peers).map((name) => [name, [join(folder, 'node_modules/.bin', name), []]]))),
};
const figures = {};
const usable = {};
for (const [name, [file, args]] of Object.entries(servers)) {
  try {
    const { tools, bytes } = await talk(file, args, true);
    figures[name] = { tools, listBytes: bytes, listTokens: Math.round(bytes / 4) };
    usable[name] = async () => {
      const { ms, mib } = await talk(file, args, false);
      (figures[name].mib ??= []).push(mib);
      return ms;
    };
  } catch (error) {
    figures[name] = { failed: error.message };
  }
}
const bare = 'node -e 0';
const { [bare]: bareTimes, ...times } = await inTurn(rounds, { ...usable, [bare]: async () => (await runProgram(node, ['-e', '0'])).ms });
for (const [name, values] of Object.entries(times)) {
  figures[name].initializeMs = Math.round(median(values));
  figures[name].mib = Math.round(median(figures[name].mib) * 10) / 10;
}
rmSync(home, { recursive: true, force: true });
const own = figures['kubelet-wuhrai'];
figures[bare] = { ms: Math.round(median(bareTimes)) };
report('mcp', figures, [
  { what: 'initialize beside node -e 0', value: Math.round((own.initializeMs / median(bareTimes)) * 100) / 100, most: 4.62 },
  { what: 'initialize, MiB', value: own.mib, most: 60 },
  { what: 'listing, tokens', value: own.listTokens, most: 900 },
  { what: 'listing, bytes', value: own.listBytes, most: 4_096 },
]);
