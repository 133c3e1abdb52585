import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWalls } from '../lint/walls.ts';
import type { Page } from './markdown.ts';

/** A piece of TypeScript in a page. */
export interface Snippet {
  /** `PAGE:LINE`. */
  readonly name: string;
  readonly text: string;
}

/** What the pages leave to their readers. */
const readers = `import type { ChatModel } from '@kw/providers';
import type { OpenSessions } from '@kw/store/testing';
declare global {
  const model: ChatModel;
  const yaml: string;
  const openMyStore: OpenSessions;
}
`;

const importLine = /^import (?<kind>type )?\{ (?<names>[^}]+) \} from (?<module>.+?);?$/gm;

/** Imported names, each with a statement of its own. */
function importsOf(text: string): ReadonlyMap<string, string> {
  const entries = [...text.matchAll(importLine)].flatMap(({ groups }) =>
    (groups?.['names'] ?? '')
      .split(', ')
      .map((name) => [name, `import ${groups?.['kind'] ?? ''}{ ${name} } from ${groups?.['module'] ?? ''};`] as const),
  );
  return new Map(entries);
}

/** The TypeScript of a page for people outside this repository. A later piece goes on with what earlier ones imported. */
export function snippetsOf({ path, codes }: Page): readonly Snippet[] {
  const earlier = new Map<string, string>();
  return codes
    .filter(({ language, text }) => language === 'ts' && !/ from '\.{1,2}\//.test(text))
    .map(({ text, line }) => {
      const own = importsOf(text);
      const before = [...earlier].filter(([name]) => !own.has(name)).map(([, statement]) => statement);
      for (const [name, statement] of own) earlier.set(name, statement);
      return { name: `${path}:${line}`, text: [...before, text, 'export {};', ''].join('\n') };
    });
}

/** Checks the types of snippets as a reader's strict project would. Gives what the compiler says, by the snippet's name. */
export async function checkSnippets(
  snippets: readonly Snippet[],
  { root, folder, signal }: { readonly root: string; readonly folder: string; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, readonly string[]>> {
  mkdirSync(folder, { recursive: true });
  const files = new Map(snippets.map((snippet, index) => [`${index}.mts`, snippet]));
  for (const [file, { text }] of files) writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, 'readers.mts'), readers);
  const compilerOptions = {
    noEmit: true,
    isolatedDeclarations: false,
    declaration: false,
    typeRoots: [join(root, 'node_modules/@types')],
    paths: sourcePaths(root),
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files: ['readers.mts', ...files.keys()] }),
  );
  const output = await compile(root, folder, signal);
  return new Map(
    [...files].map(([file, { name }]) => {
      const said = output.split('\n').filter((line) => line.includes(`/${file}(`) || line.startsWith(`${file}(`));
      return [name, said.map((line) => line.slice(line.indexOf(file) + file.length))];
    }),
  );
}

/** Each public entry of each package, and its source. */
function sourcePaths(root: string): Readonly<Record<string, readonly string[]>> {
  const entries = [...readWalls()].flatMap(([name, { folder }]) => {
    const manifest: { readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>> } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    return Object.entries(manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
      const source = typeof conditions === 'string' ? undefined : conditions['@kw/source'];
      return source === undefined ? [] : [[join(name, subpath), [join(root, folder, source)]] as const];
    });
  });
  return { ...Object.fromEntries(entries), vitest: [join(root, 'node_modules/vitest/dist/index.d.ts')] };
}

function compile(root: string, folder: string, signal?: AbortSignal): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      signal,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail).on('close', () => done(Buffer.concat(chunks).toString()));
  });
}
