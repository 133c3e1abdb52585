// What stands behind `npm start` and `npm test`: install, build, go on. No dependency, any Node from 18 on.
//   node scripts/run.mjs start [QUERY or flags of kubelet-wuhrai ...]
//   node scripts/run.mjs test  [arguments of vitest ...]
//   node scripts/run.mjs setup                                          (the program alone, for images)
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const minimumNode = 18;
const windows = process.platform === 'win32';

class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a command to its end: its exit code, 128 + n after signal n. Signals that reach this process are passed on. */
function run(command, args, { cwd = root, quiet = false, env = process.env } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, TURBO_TELEMETRY_DISABLED: '1' },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: windows && !command.endsWith('.exe'),
    });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    // A terminal sends Ctrl-C to the child as well; a second one would look like impatience.
    const passOn = (signal) => (signal === 'SIGINT' && process.stdin.isTTY && !quiet ? undefined : child.kill(signal));
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const leave = () => signals.forEach((signal) => process.off(signal, passOn));
    child.on('error', (cause) => {
      leave();
      fail(
        cause.code === 'ENOENT'
          ? new Stop(`${command} isn't on PATH. It comes with Node.js (https://nodejs.org): install Node with npm and try again.`)
          : cause,
      );
    });
    child.on('close', (code, signal) => {
      leave();
      done({ code: code ?? 128 + (constants.signals[signal] ?? 1), output: Buffer.concat(output).toString() });
    });
  });
}

async function step(title, command, args) {
  if (process.stderr.isTTY) process.stderr.write(`${title} ...\r`);
  const { code, output } = await run(command, args, { quiet: true });
  if (process.stderr.isTTY) process.stderr.write(`${' '.repeat(title.length + 4)}\r`);
  if (code === 0) return;
  process.stderr.write(output);
  throw new Stop(`${title} failed (exit code ${code}); the command was: ${command} ${args.join(' ')}`, code > 128 ? code : 1);
}

const pnpm = (...args) => ['npx', ['-y', packageManager, ...args]];

async function install() {
  await step('installing', ...pnpm('install', '--frozen-lockfile', '--reporter=append-only'));
}

async function build(filter = []) {
  await step('building', ...pnpm('run', 'build', ...filter, '--output-logs=errors-only'));
}

/** The repository's own Node where it has one for this platform, else the host's. */
function node() {
  const own = join(root, 'node_modules/.bin/node');
  return existsSync(own) ? own : process.execPath;
}

async function start(args) {
  await install();
  await build(['--filter=kubelet-wuhrai']);
  const cli = join(root, 'apps/cli/dist/main.js');
  const { code } = await run(node(), [cli, ...wordsFor(args)], { cwd: process.env.INIT_CWD ?? process.cwd(), env: await withKubectl() });
  return code;
}

/** Words that go to the program as they are; the table of the CLI has them all. */
const commands =
  'init doctor resume sessions export models model tools config diagnose explain-command mcp demo completion version help __complete'.split(
    ' ',
  );
const keys = [
  'DEEPSEEK_API_KEY',
  'DASHSCOPE_API_KEY',
  'QWEN_API_KEY',
  'VOLCES_API_KEY',
  'DOUBAO_API_KEY',
  'OPENAI_API_KEY',
  'OPENAI_ENDPOINT',
  'OPENAI_API_BASE',
];

/** A question goes to the user's own cluster and model where both are set up, else to the demo, which says that it is one. */
function wordsFor(args) {
  const isPlain =
    args.some((word) => ['--help', '-h', '--version'].includes(word) || word.startsWith('--user-interface')) || commands.includes(args[0]);
  if (isPlain || (args.length > 0 && hasCluster(args) && hasModel(args))) return args;
  return ['demo', ...args];
}

function hasCluster(args) {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST } = process.env;
  return (
    Boolean(KUBECONFIG || KUBERNETES_SERVICE_HOST) ||
    args.some((word) => word.startsWith('--kubeconfig')) ||
    existsSync(join(homedir(), '.kube/config'))
  );
}

function hasModel(args) {
  return (
    keys.some((name) => process.env[name]) ||
    args.some((word) => word.startsWith('--llm-provider')) ||
    existsSync(join(homedir(), '.config/kubelet-wuhrai/config.yaml'))
  );
}

/** The environment with a kubectl: the one on PATH, else the one that travels with the workspace. */
async function withKubectl() {
  const { PATH = '' } = process.env;
  if (PATH.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, windows ? 'kubectl.exe' : 'kubectl'))))
    return process.env;
  const { clientsFolder } = await import('./clients.mjs');
  return { ...process.env, PATH: `${PATH}${delimiter}${clientsFolder()}` };
}

async function setup() {
  await install();
  await build(['--filter=kubelet-wuhrai']);
  return 0;
}

async function test(args) {
  await install();
  await build();
  const { code } = await run(...pnpm('exec', 'vitest', 'run', ...args));
  return code;
}

async function main([command, ...args]) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < minimumNode)
    throw new Stop(`Node ${process.versions.node} is too old: ${minimumNode} or later is needed (https://nodejs.org).`, 2);
  if (command === 'start') return start(args);
  if (command === 'test') return test(args);
  if (command === 'setup') return setup();
  throw new Stop(`unknown command ${command ?? '(none)'}; use \`npm start\`, \`npm start -- "question"\` or \`npm test\``, 2);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Stop ? error.message : error.stack}\n`);
  process.exitCode = error instanceof Stop ? error.code : 1;
}
