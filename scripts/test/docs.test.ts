import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagTable, parseArguments } from '../../apps/cli/src/args.ts';
import { findCommand } from '../../apps/cli/src/commands/table.ts';
import { argumentsOf, simpleCommands } from '../docs/commands.ts';
import { anchorsOf, inlineCodes, linksOf, readPage } from '../docs/markdown.ts';
import { pagePaths, twinPaths } from '../docs/pages.ts';
import { snippetsOf } from '../docs/snippets.ts';
import { readWalls } from '../lint/walls.ts';

const root = new URL('../../', import.meta.url).pathname;
const paths = pagePaths(root);
const pages = new Map(paths.map((path) => [path, readPage(root, path)]));
const known = new Set(flagTable().keys());
const ours = new Set([...known, '--flag']);
/** Flags that the pages name and that are not this program's. */
const others = new Map([
  [
    'kubectl',
    '--all --as --cascade --context --dry-run --force --for --kube-context --overwrite --previous --replicas --since --tail --token',
  ],
  ['docker, node, kube-apiserver', '--user --noEmit --conditions --oidc-username-claim --oidc-username-prefix'],
  ['the scripted server of @kw/providers', '--script --strict-server'],
  ['a flag half typed', '--o'],
  ['node', '--max-semi-space-size'],
]);
const foreign = new Set([...others.values()].flatMap((names) => names.split(' ')));

function complaint(words: readonly string[]): readonly string[] {
  try {
    parseArguments(words);
    return [];
  } catch (error) {
    return [`${words.join(' ')}: ${String(error)}`];
  }
}

const published = [...readWalls().values()].filter(({ folder }) => existsSync(join(root, folder, 'README.md')));

/** Command lines, with a mark in the place of what is said in a language. */
function commandsOf(path: string): readonly (readonly string[])[] {
  const scripts = (pages.get(path)?.codes ?? []).filter(({ language }) => language === 'sh');
  const commands = scripts.flatMap(({ text }) => simpleCommands(text));
  return commands.map((words) => words.map((word) => (/[\s\p{Script=Han}]/u.test(word) ? 'TEXT' : word)));
}

/** Made by the measurements, not kept. */
const results = 'bench/results';

describe('the pages', () => {
  it.each(paths)('%s links to what is there', (path) => {
    const page = pages.get(path);
    const broken = linksOf(page?.prose ?? '').filter((address) => {
      if (/^[a-z]+:/.test(address)) return false;
      const [file = '', anchor] = decodeURIComponent(address).split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, target))) return true;
      const linked = pages.get(target);
      return anchor !== undefined && linked !== undefined && !anchorsOf(linked).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(paths)('%s names files of the repository that are there', (path) => {
    const page = pages.get(path);
    const texts = [...inlineCodes(page?.prose ?? ''), ...(page?.codes ?? []).map(({ text }) => text)];
    const folders =
      /(?<![\w./@-])(?:docs|deploy\/(?:helm|kubernetes|monitoring)|packages|apps|scripts|examples|bench|clients)\/[\w./-]*\w/g;
    const named = texts.flatMap((text) => text.match(folders) ?? []);
    const isThere = (file: string): boolean =>
      file === results || existsSync(join(root, file)) || existsSync(join(root, dirname(path), file));
    expect(named.filter((file) => !isThere(file))).toEqual([]);
  });

  it.each(paths)('%s shows command lines that the program understands', (path) => {
    const scripts = (pages.get(path)?.codes ?? []).filter(({ language }) => ['sh', 'bash', 'console'].includes(language));
    const lines = scripts.flatMap(({ text }) => simpleCommands(text).map(argumentsOf)).filter((words) => words !== undefined);
    expect(lines.flatMap(complaint)).toEqual([]);
  });

  it.each(paths)('%s names no flag that nobody has', (path) => {
    const unknown = inlineCodes(pages.get(path)?.prose ?? '').flatMap((code) => {
      const words = simpleCommands(code)[0] ?? [];
      const isOther = argumentsOf(words) === undefined && /^[a-z]/.test(words[0] ?? '') && findCommand(words[0]) === undefined;
      const flags = code.match(/(?<![\w-])--[a-z][\w-]*/gi) ?? [];
      return flags.filter((flag) => !ours.has(flag) && !(foreign.has(flag) || isOther));
    });
    expect(unknown).toEqual([]);
  });
});

describe('the Chinese pages', () => {
  it.each(twinPaths(paths))('%s and %s have the same headings, code blocks and tables', (path, twin) => {
    expect(pages.get(twin)?.outline).toEqual(pages.get(path)?.outline);
  });

  it.each(twinPaths(paths))('%s and %s show the same command lines, but for their texts', (path, twin) => {
    expect(commandsOf(twin)).toEqual(commandsOf(path));
  });

  it.each(twinPaths(paths))('%s and %s link to each other at the top', (path, twin) => {
    expect(linksOf(pages.get(path)?.prose ?? '')[0]).toBe(twin.split('/').at(-1));
    expect(linksOf(pages.get(twin)?.prose ?? '')[0]).toBe(path.split('/').at(-1));
  });

  it.each(twinPaths(paths))('%s has a twin that keeps to Chinese pages (%s)', (path, twin) => {
    const all = new Set(twinPaths(paths).map(([original]) => original));
    const english = linksOf(pages.get(twin)?.prose ?? '').slice(1);
    const strays = english.filter((address) => all.has(normalize(join(dirname(twin), address.split('#')[0] ?? ''))));
    expect(strays).toEqual([]);
  });
});

describe("a package's README", () => {
  it.each(published)('of $folder says what each dependency is for', ({ folder, npm }) => {
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    expect(npm.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(published)('of $folder installs what its pieces of TypeScript import', ({ folder }) => {
    const codes = pages.get(`${folder}/README.md`)?.codes ?? [];
    const shell = codes.filter(({ language }) => language === 'sh').flatMap(({ text }) => simpleCommands(text));
    const installed = new Set(shell.filter((words) => words[0] === 'npm' && words[1] === 'install').flatMap((words) => words.slice(2)));
    const imported = snippetsOf(readPage(root, `${folder}/README.md`)).flatMap(({ text }) =>
      [...text.matchAll(/ from '(?<name>@kw\/[a-z-]+)/g)].map(({ groups }) => groups?.['name'] ?? ''),
    );
    expect([...new Set(imported)].filter((name) => !installed.has(name))).toEqual([]);
  });
});

describe('the packages of the workspace', () => {
  it.each([...readWalls().values()])('$folder is in AGENTS.md', ({ folder }) => {
    expect(readFileSync(join(root, 'AGENTS.md'), 'utf8')).toContain(`${folder} `);
  });

  it.each(['README.md', 'README.zh-CN.md'])('are all in %s, but for the private ones', (path) => {
    const linked = new Set(linksOf(pages.get(path)?.prose ?? ''));
    expect(published.map(({ folder }) => folder).filter((folder) => !linked.has(folder))).toEqual([]);
  });
});

describe('docs/decisions/README.md', () => {
  it('lists every decision', () => {
    const listed = new Set(linksOf(pages.get('docs/decisions/README.md')?.prose ?? ''));
    const decisions = paths.filter((path) => /^docs\/decisions\/\d/.test(path)).map((path) => path.slice('docs/decisions/'.length));
    expect(decisions.filter((name) => !listed.has(name))).toEqual([]);
  });
});
