// Packs every published package as a user would get it: node scripts/pack.mjs FOLDER
// Prints one line a package: name, tab, path of the tarball. The workspace must be built.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Folder and manifest of each published package of the workspace. */
export function publishedPackages() {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** The tarballs of all published packages, written to that folder: name, folder, tarball. */
export function packAll(destination) {
  mkdirSync(destination, { recursive: true });
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return publishedPackages().map(({ folder, manifest }) => {
    const args = ['-y', packageManager, 'pack', '--json', '--pack-destination', destination];
    const { status, stdout, stderr } = spawnSync('npx', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`packing ${manifest.name} failed: ${stderr || stdout}`);
    return { name: manifest.name, folder, tarball: JSON.parse(stdout).filename };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const destination = process.argv[2];
  if (destination === undefined) {
    console.error('usage: node scripts/pack.mjs FOLDER');
    process.exit(2);
  }
  for (const { name, tarball } of packAll(resolve(destination))) console.log(`${name}\t${tarball}`);
}
