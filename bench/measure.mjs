// What every measurement needs: medians, runs in turn, a result that is printed and kept.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** The built command. */
export const cli = process.env.KW_BENCH_CLI ?? join(root, 'apps/cli/dist/main.js');

/** The middle of some numbers. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The quickest quarter of some numbers ends here: what a busy machine adds falls on the others. */
export function quick(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)];
}

/** Milliseconds of user and system time that a process and the children it waited for have used; undefined where /proc has none. */
export function cpuOf(pid) {
  try {
    const [, user, system, childUser, childSystem] = /\) (?:\S+ ){11}(\d+) (\d+) (\d+) (\d+)/.exec(
      readFileSync(`/proc/${pid}/stat`, 'utf8'),
    );
    return (Number(user) + Number(system) + Number(childUser) + Number(childSystem)) * 10; // in hundredths of a second
  } catch {
    return undefined;
  }
}

/** The same of all children of this program that have ended, in steps of 10 ms: to be summed over many. */
function childrenCpuMs() {
  try {
    const [, user, system] = /\) (?:\S+ ){13}(\d+) (\d+)/.exec(readFileSync('/proc/self/stat', 'utf8'));
    return (Number(user) + Number(system)) * 10;
  } catch {
    return Number.NaN;
  }
}

/** Runs a program to its end; the milliseconds it took, those of user and system time where it ran alone, its exit code and what it printed. */
export function runProgram(file, args, { env = process.env, input, onStart } = {}) {
  const cpuBefore = childrenCpuMs();
  const started = performance.now();
  const child = spawn(file, args, { env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  onStart?.(child.pid);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  child.stdin?.end(input);
  return new Promise((done) => {
    child.once('close', (code) =>
      done({ ms: performance.now() - started, cpuMs: childrenCpuMs() - cpuBefore, started, code, stdout, stderr }),
    );
  });
}

/** Measures several things in turn, so that noise falls on all alike. Each is a function that resolves to what it measured. */
export async function inTurn(count, things) {
  const values = Object.fromEntries(Object.keys(things).map((name) => [name, []]));
  for (let round = 0; round < count + 1; round += 1) {
    for (const [name, measure] of Object.entries(things)) {
      const value = await measure();
      if (round > 0) values[name].push(value); // the first round warms caches
    }
  }
  return values;
}

/** Prints a result, keeps it in bench/results and ends with 1 where a limit was missed. */
export function report(name, figures, limits) {
  const missed = limits.filter(({ value, most }) => !(value <= most));
  const result = { name, node: process.version, cores: cpus().length, figures, limits, passed: missed.length === 0 };
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  console.log(JSON.stringify(result, null, 2));
  for (const { what, value, most } of missed) console.error(`${name}: ${what} is ${value}, at most ${most} was promised`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}
