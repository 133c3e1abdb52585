// Runs every example as a reader would: in an empty project, from tarballs, installed by npm and by pnpm, on Node 22 and 24.
//   node scripts/examples.mjs [--json FILE] [NAME ...]     the workspace must be built
//
// An example is a folder examples/NAME with a package.json; its field "example" says what to expect:
//   "run"       arguments of node, for instance ["main.ts"]; without it nothing is run
//   "input"     what is written to its standard input
//   "script"    a file of the example: what the scripted model answers (see @kw/providers/testing)
//   "output"    a list of regular expressions that standard output must match
//   "exitCode"  0 unless said otherwise
//   "service"   true: the kubelet-wuhrai service runs beside it (KW_EXAMPLE_SERVICE is its URL)
//   "cluster"   true: a simulated cluster runs beside it (KUBECONFIG), with kubectl on PATH
//   "browser"   a file that must bundle for browsers without anything of Node
// A tsconfig.json is type-checked with skipLibCheck off. The model is reached by OPENAI_ENDPOINT and OPENAI_API_KEY.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { clientsFolder } from './clients.mjs';
import { startSurroundings } from './example-surroundings.mjs';
import { nodeFolder, nodeVersions } from './nodes.mjs';
import { packAll } from './pack.mjs';
import { run } from './process.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const installTimeoutMs = 180_000;
const runTimeoutMs = 60_000;

function exampleNames(wanted) {
  const folder = join(root, 'examples');
  const all = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')));
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`no example ${unknown.join(', ')}; there are ${all.join(', ')}`);
  return wanted.length > 0 ? wanted : all;
}

/** A copy of the example whose dependencies on our packages are the tarballs, for that package manager. */
function makeProject(name, { folder, manager, tarballs }) {
  cpSync(join(root, 'examples', name), folder, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const ours = Object.fromEntries(tarballs.map((one) => [one.name, `file:${one.tarball}`]));
  const dependencies = Object.fromEntries(Object.entries(manifest.dependencies ?? {}).map(([key, range]) => [key, ours[key] ?? range]));
  // What our packages need of each other isn't published yet at the time of this check, so it is pinned to the tarballs too.
  const indirect = Object.fromEntries(Object.entries(ours).filter(([key]) => dependencies[key] === undefined));
  const overrides = manager === 'npm' ? { overrides: indirect } : {};
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies, ...overrides }, null, 2));
  if (manager === 'pnpm') {
    const lines = Object.entries(ours).map(([key, range]) => `  '${key}': '${range}'`);
    writeFileSync(join(folder, 'pnpm-workspace.yaml'), `pmOnFail: ignore\noverrides:\n${lines.join('\n')}\n`);
  }
  return manifest.example ?? {};
}

function install(manager) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return manager === 'npm'
    ? { command: 'npm', args: ['install', ...quiet] }
    : { command: 'npx', args: ['-y', packageManager, 'install', '--reporter=silent'] };
}

function said(title, { code, output }) {
  return code === 0 ? [] : [`${title} ended with ${code}:\n${output.trim()}`];
}

async function typeProblems(folder) {
  if (!existsSync(join(folder, 'tsconfig.json'))) return [];
  return said(
    'tsc',
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--noEmit', '--skipLibCheck', 'false'], { cwd: folder }),
  );
}

async function browserProblems(folder, entry) {
  if (entry === undefined) return [];
  try {
    const options = { bundle: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent', absWorkingDir: folder };
    const { outputFiles } = await build({ ...options, entryPoints: [entry] });
    return /["']node:/.test(outputFiles[0].text) ? [`the browser bundle of ${entry} has a node: import`] : [];
  } catch (error) {
    return [`${entry} does not bundle for browsers: ${error.message}`];
  }
}

async function runProblems(folder, example, { node }) {
  if (example.run === undefined) return [];
  const surroundings = await startSurroundings({ root, folder, example });
  try {
    const { NODE_OPTIONS: _options, KUBECONFIG: _kubeconfig, ...own } = process.env;
    const path = [node, ...(example.cluster === true ? [clientsFolder()] : []), '/usr/bin', '/bin'].join(delimiter);
    const env = { ...own, HOME: folder, PATH: path, ...surroundings.env };
    const { code, stdout, output } = await run(join(node, 'node'), example.run, {
      cwd: folder,
      env,
      input: example.input ?? '',
      timeoutMs: runTimeoutMs,
    });
    const expected = example.exitCode ?? 0;
    if (code !== expected) return [`exit code ${code}, expected ${expected}:\n${output.trim()}`];
    const missing = (example.output ?? []).filter((pattern) => !new RegExp(pattern, 'm').test(stdout));
    return missing.map((pattern) => `the output does not match /${pattern}/:\n${output.trim()}`);
  } finally {
    await surroundings.stop();
  }
}

async function checkExample(name, { work, manager, tarballs, nodes, note }) {
  const folder = join(work, `${name}-${manager}`);
  mkdirSync(folder, { recursive: true });
  const example = makeProject(name, { folder, manager, tarballs });
  const { command, args } = install(manager);
  const [first] = nodes;
  const env = { ...process.env, PATH: `${first.folder}${delimiter}${process.env.PATH}` };
  const installed = said(`${command} install`, await run(command, args, { cwd: folder, env, timeoutMs: installTimeoutMs }));
  note(`${name}: installed by ${manager}`, installed);
  if (installed.length > 0) return;
  note(`${name}: types and bundle (${manager})`, [...(await typeProblems(folder)), ...(await browserProblems(folder, example.browser))]);
  if (example.run === undefined) return;
  for (const { version, folder: node } of nodes) note(`${name}: ${manager}, Node ${version}`, await runProblems(folder, example, { node }));
}

function parseArguments(args) {
  const at = args.indexOf('--json');
  return at === -1 ? { names: args } : { json: args[at + 1], names: args.filter((_, index) => index !== at && index !== at + 1) };
}

async function main(args) {
  const { json, names } = parseArguments(args);
  const work = mkdtempSync(join(tmpdir(), 'kw-examples-'));
  const checks = [];
  const note = (name, problems) => {
    checks.push({ name, problems });
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    for (const problem of problems) console.log(problem.replace(/^/gm, '     '));
  };
  try {
    const tarballs = packAll(join(work, 'tarballs'));
    const nodes = await Promise.all(nodeVersions.map(async (version) => ({ version, folder: await nodeFolder(version) })));
    for (const name of exampleNames(names)) {
      for (const manager of ['npm', 'pnpm']) await checkExample(name, { work, manager, tarballs, nodes, note });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  if (json !== undefined) writeFileSync(json, JSON.stringify(checks));
  return checks.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
