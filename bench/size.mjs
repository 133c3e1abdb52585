// How big the packed command is, and how much it brings along: promised are less than 10 MB and less than 10 run-time dependencies.
import { mkdtempSync, readFileSync, rmSync, statSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, root, runProgram } from './measure.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kw-size-'));
try {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { code, stderr } = await runProgram('npx', [
    '-y',
    manifest.packageManager,
    '--filter',
    'kubelet-wuhrai',
    'pack',
    '--pack-destination',
    folder,
  ]);
  if (code !== 0) throw new Error(stderr);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const megabytes = Math.round((statSync(join(folder, tarball)).size / 1e6) * 100) / 100;
  const command = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'));
  const dependencies = Object.keys({ ...command.dependencies, ...command.optionalDependencies }).length;
  report('size', { packedMegabytes: megabytes, runTimeDependencies: dependencies }, [
    { what: 'the packed command in MB', value: megabytes, most: 9.99 },
    { what: 'run-time dependencies', value: dependencies, most: 9 },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
