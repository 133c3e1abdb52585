import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** The innermost folder above a file that is a package with a name and a version, when it lies in a node_modules. */
function packageOf(file: string): string | undefined {
  for (let folder = dirname(file); folder.includes('node_modules'); folder = dirname(folder)) {
    if (!existsSync(join(folder, 'package.json'))) continue;
    const { name, version } = readManifest(folder);
    if (name !== undefined && version !== undefined) return folder;
  }
  return undefined;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** One notice: name, version, licence, and the texts of the licence and notice files. */
function notice(folder: string): readonly [string, string] {
  const { name = folder, version = '', license = 'see the text' } = readManifest(folder);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [name, [`${name} ${version} (${license})`, ...texts].join('\n\n')];
}

/** The notices of these packages (folders), sorted by name, each once. */
export function noticesOf(folders: Iterable<string>): string {
  const byName = [...new Set(folders)].map(notice).sort(([left], [right]) => (left < right ? -1 : 1));
  return byName.map(([, text]) => `${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

const kubernetes = `Kubernetes (Apache-2.0)

The tables in packages/sandbox/src/generated and the kubectl flag tables in packages/tools are derived from Kubernetes,
Copyright The Kubernetes Authors, licensed under the Apache License, Version 2.0 (see LICENSE).
`;

/** The repository's notices: what our packages depend on, and what was derived from elsewhere. */
export function allNotices(folders: Iterable<string>): string {
  return `kubelet-wuhrai uses the following software of others.\n\n${kubernetes}\n${'-'.repeat(80)}\n\n${noticesOf(folders)}`;
}

/** Writes dist/THIRD-PARTY-NOTICES for what a bundle took in from other packages. */
export function writeNotices(): Plugin {
  return {
    name: 'third-party-notices',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const outputs = Object.values(metafile?.outputs ?? {});
        const bundled = outputs.flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0));
        const folders = bundled.map(([file]) => packageOf(resolve(file))).filter((folder) => folder !== undefined);
        if (folders.length === 0) return;
        mkdirSync('dist', { recursive: true }); // the bundler writes its files later
        writeFileSync('dist/THIRD-PARTY-NOTICES', noticesOf(folders));
      });
    },
  };
}
