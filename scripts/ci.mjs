// What .ci/run does. No dependency, any Node from 18 on: everything else is run by the repository's own Node.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterSecondTry, failuresOf, readCheckReport, readTestReport, sum } from './ci-report.mjs';
import { startCluster, stopCluster } from './ci-cluster.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, '.cache/ci');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const environment = { ...process.env, CI: 'true', TURBO_TELEMETRY_DISABLED: '1', NO_COLOR: '1' };

/** What failed, and what passed only at its second try: said once more at the end, where it is found. */
const remarks = [];

/** More files than this, and the machine isn't what failed. */
const mostFilesAgain = 3;

/** Runs a command with its output on ours; its exit code. */
function run(command, args, env = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env: { ...environment, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.log(`${command}: ${error.message}`);
      done(127);
    });
    child.on('close', (code, signal) => done(code ?? (signal === null ? 1 : 128)));
  });
}

const pnpm = (...args) => ['npx', ['-y', packageManager, ...args]];

async function timed(name, work) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  const count = await work();
  if (count.failed > 0 && count.told !== true) remarks.push(`failed: ${name}`);
  console.log(`=== ${name}: ${count.failed === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return count;
}

/** A step that is one check: passed when the command ends with 0. */
function check(name, [command, args]) {
  return timed(name, async () =>
    (await run(command, args)) === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 },
  );
}

/** A step that writes a report of many checks. */
function reported(name, [command, args], { file, read, env }) {
  return timed(name, async () => {
    const path = join(reports, file);
    const code = await run(command, args(path), env);
    return read(path, code);
  });
}

/**
 * All tests; the few files with a failed one once more, alone and one by one: they start hundreds of processes, and a machine
 * that stood still for seconds isn't a defect. What fails twice has failed, and what needed a second try is named at the end.
 */
async function allTests(full, env) {
  const command = (path, ...more) => ['test', '--', ...more, '--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const attempt = (name, file, more) =>
    reported(name, ['npm', (path) => command(path, ...more)], {
      file,
      read: (path, code) => ({ ...readTestReport(path, code, { maySkip: !full }), told: true }),
      env,
    });
  const first = await attempt('tests', 'tests.json', []);
  if (first.failed === 0) return first;
  const failures = failuresOf(join(reports, 'tests.json'));
  if (failures.length === 0) return { ...first, told: false };
  const files = failures.map(({ file }) => file);
  const counts =
    files.length > mostFilesAgain
      ? first
      : afterSecondTry(first, { failures, again: await attempt('tests, second try', 'tests-again.json', [...files, '--maxWorkers=1']) });
  const verdict = counts.failed < first.failed ? 'passed only at its second try' : 'failed';
  const names = failures.flatMap(({ file, tests }) => (tests.length === 0 ? [file] : tests));
  remarks.push(...names.map((name) => `${verdict}: ${name}`));
  return counts;
}

/** What uses the built service from outside: a browser, another language. */
const outside = [
  ['page', 'scripts/page-walk.ts'],
  ['python client', 'scripts/python-client.ts'],
  ['monitoring', 'scripts/monitoring.ts'],
];

const outsideLong = [['openapi', 'scripts/schemathesis.ts']];

/** Browsers and machines stand still, too: what failed here runs once more as a whole. */
async function fromOutside(name, script) {
  const attempt = (title) =>
    reported(title, [pnpm()[0], (path) => pnpm('exec', 'node', '--conditions=@kw/source', script, '--json', path)[1]], {
      file: `${basename(script, '.ts')}.json`,
      read: (path, code) => ({ ...readCheckReport(path, code), told: title === name }),
    });
  const first = await attempt(name);
  if (first.failed === 0) return first;
  const again = await attempt(`${name}, second try`);
  if (again.failed === 0) remarks.push(`passed only at its second try: ${name}`);
  return again;
}

function benches() {
  const folder = join(root, 'bench');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.mjs') && name !== 'measure.mjs')
        .sort()
    : [];
}

async function steps(full, clusterEnv) {
  const counts = [];
  counts.push(await allTests(full, full ? { KW_TEST_ALL_CLIENTS: '1', ...clusterEnv } : clusterEnv));
  counts.push(await check('lint', pnpm('run', 'lint')));
  counts.push(await check('format', pnpm('run', 'format:check')));
  counts.push(await check('types', pnpm('run', 'types', '--output-logs=errors-only', '--continue')));
  counts.push(
    await reported('packages', [pnpm()[0], (path) => pnpm('exec', 'node', 'scripts/check-packages.mjs', '--json', path)[1]], {
      file: 'packages.json',
      read: readCheckReport,
    }),
  );
  if (existsSync(join(root, 'examples'))) {
    counts.push(
      await reported('examples', [pnpm()[0], (path) => pnpm('exec', 'node', 'scripts/examples.mjs', '--json', path)[1]], {
        file: 'examples.json',
        read: readCheckReport,
      }),
    );
  }
  for (const [name, script] of full ? [...outside, ...outsideLong] : outside) counts.push(await fromOutside(name, script));
  if (full) counts.push(await check('image', ['scripts/prove-image.sh', []]));
  if (full)
    for (const bench of benches())
      counts.push(await check(`bench/${bench}`, pnpm('exec', 'node', '--conditions=@kw/source', `bench/${bench}`)));
  return counts;
}

async function main([mode, ...rest]) {
  if ((mode !== undefined && mode !== 'full') || rest.length > 0) {
    console.error('usage: .ci/run [full]');
    return 2;
  }
  const full = mode === 'full';
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const counts = [];
  let cluster;
  try {
    if (full) {
      counts.push(
        await timed('real control plane', async () => {
          cluster = await startCluster(root);
          if (cluster.problem !== undefined) console.log(cluster.problem);
          return cluster.problem === undefined ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
        }),
      );
    }
    counts.push(...(await steps(full, cluster?.env ?? {})));
  } finally {
    if (cluster !== undefined) await stopCluster(cluster);
  }
  const { passed, failed, skipped } = sum(counts);
  if (remarks.length > 0) console.log(`\n${remarks.join('\n')}`);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
