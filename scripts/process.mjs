import { spawn } from 'node:child_process';

/** Runs a command to its end or its time limit: exit code, standard output, and both streams as they came. Never throws. */
export function run(command, args, { cwd, env = process.env, input = '', timeoutMs = 120_000 } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, env, stdio: 'pipe', detached: true });
    let stdout = '';
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.stdin.on('error', () => {}); // a command that does not read its input may end before it was written
    child.stdin.end(input);
    child.on('error', (error) => {
      clearTimeout(timer);
      done({ code: 127, stdout, output: `${command}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) output += `\nended after ${timeoutMs} ms without an end of its own`;
      done({ code: code ?? signal, stdout, output });
    });
  });
}
