// The real control plane of `.ci/run full`: a tool that knows `up`, `env` and `down` (KW_CLUSTER_TOOL names it).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Runs the tool; its exit code and what it printed. Its progress (stderr) is shown. */
function call(tool, command) {
  return new Promise((done) => {
    const child = spawn(tool, [command], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ code: 127, output: error.message }));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

function parseEnvironment(output) {
  const lines = output.matchAll(/^(?:export )?(KW_[A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value.replace(/^(['"])(.*)\1$/, '$2')]));
}

/** Starts the control plane: { tool, env } for the tests, or { problem } in one sentence. */
export async function startCluster(root) {
  const tool = resolve(process.env.KW_CLUSTER_TOOL ?? resolve(root, '../shared/cluster/cluster'));
  if (!existsSync(tool)) return { problem: `no control plane: ${tool} isn't there; KW_CLUSTER_TOOL names the tool that starts one` };
  const wasUp = (await call(tool, 'status')).code === 0;
  const { code, output } = await call(tool, 'up');
  const env = parseEnvironment(output);
  if (code === 0 && env.KW_TEST_KUBECONFIG !== undefined) return { tool, env, wasUp };
  return { tool, problem: `the control plane did not start (exit code ${code}): ${output.trim()}` };
}

/** Ends what startCluster started; a control plane that was up before stays up. */
export async function stopCluster({ tool, env, wasUp }) {
  if (env !== undefined && !wasUp) await call(tool, 'down');
}
