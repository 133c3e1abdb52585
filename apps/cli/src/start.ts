import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from './cli.ts';
import { createHost } from './node-host.ts';

/** Reads this process's surroundings, runs the program and ends with its exit code. */
export async function start(program: NodeJS.Process): Promise<void> {
  const { host, isUnread, close } = createHost(program);
  const ended = await runCli(host, packageVersion());
  const code = isUnread() ? 0 : ended;
  close();
  program.exitCode = code;
  // What is still open (a keep-alive socket, a compile cache) must not hold the shell's prompt back.
  const written = Promise.all([flushed(program.stdout), flushed(program.stderr)]);
  await (host.interrupt.aborted ? Promise.race([written, sleep(unreadMs)]) : written);
  program.exit(code);
}

/** Who ends the program does not wait for a reader that stands still. */
const unreadMs = 500;

/** The version in package.json; `dev` for a build that has none. */
function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof version === 'string' && version !== '0.0.0' ? version : 'dev';
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}
