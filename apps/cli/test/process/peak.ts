import { readFile } from 'node:fs/promises';

const everyMs = 100;

/** The most memory that a process ever held, in MB, read until it ends (Linux; 0 elsewhere). */
export async function peakMegabytes(pid: number, ended: Promise<unknown>): Promise<number> {
  let peak = 0;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000);
    await new Promise((done) => setTimeout(done, everyMs));
  }
  return Math.round(peak);
}
