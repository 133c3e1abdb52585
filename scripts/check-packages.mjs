// The published packages as a user gets them: manifests, exports, types, licences, unused files and dependencies.
//   node scripts/check-packages.mjs [--json FILE]     the workspace must be built
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll } from './pack.mjs';
import { listTar, readTarEntry } from './tar.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What must not be seen in a tarball's manifest: places that exist in this workspace only. */
const workspaceOnly = ['workspace:', 'catalog:', '@kw/source', 'link:'];
const wantedFiles = ['package/package.json', 'package/LICENSE', 'package/README.md'];

function tool(name, args) {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', name), args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()];
}

function manifestProblems(tarball) {
  const text = readTarEntry(tarball, 'package/package.json');
  const files = listTar(tarball);
  return [
    ...workspaceOnly.filter((word) => text.includes(word)).map((word) => `package.json of the tarball says ${word}`),
    ...wantedFiles.filter((file) => !files.includes(file)).map((file) => `the tarball lacks ${file.slice('package/'.length)}`),
    ...files
      .filter((file) => !/^package\/(dist\/|bin\/|package\.json$|LICENSE|README|CHANGELOG)/.test(file))
      .map((file) => `the tarball has ${file}`),
  ];
}

async function publintProblems(tarball) {
  const bytes = readFileSync(tarball);
  const pack = { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) };
  const { messages, pkg } = await publint({ pack, strict: true });
  return messages.filter(({ type }) => type !== 'suggestion').map((message) => formatMessage(message, pkg, { color: false }));
}

function typesProblems(tarball) {
  const { exports = {} } = JSON.parse(readTarEntry(tarball, 'package/package.json'));
  const isLibrary = Object.keys(exports).some((path) => path !== './package.json');
  return isLibrary ? tool('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color']) : [];
}

const folder = mkdtempSync(join(tmpdir(), 'kw-pack-'));
const checks = [];
const note = (name, problems) => {
  checks.push({ name, problems });
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const problem of problems) console.log(problem.replace(/^/gm, '     '));
};

try {
  for (const { name, tarball } of packAll(folder)) {
    note(`${name}: tarball`, manifestProblems(tarball));
    note(`${name}: publint`, await publintProblems(tarball));
    note(`${name}: types`, typesProblems(tarball));
  }
  note('knip: nothing unused', tool('knip', ['--no-progress']));
} finally {
  rmSync(folder, { recursive: true });
}

const jsonAt = process.argv.indexOf('--json');
if (jsonAt !== -1) writeFileSync(process.argv[jsonAt + 1], JSON.stringify(checks));
process.exitCode = checks.every(({ problems }) => problems.length === 0) ? 0 : 1;
