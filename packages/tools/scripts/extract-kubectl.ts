/**
 * Walks a real kubectl and writes its commands and flags to src/kubectl/table.gen.ts.
 *
 *   node scripts/extract-kubectl.ts /path/to/kubectl
 *
 * Names come from `--help`. Whether a flag takes a value is not read from the help but asked: `kubectl VERB --help --FLAG`
 * ends with "flag needs an argument" when it does, and with the help when it does not; `--FLAG=not-a-bool` then tells a
 * boolean from a flag with an optional value. `--help` keeps kubectl from doing anything.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const parallel = 2;

interface Answer {
  readonly code: number;
  readonly text: string;
}

interface HelpFlag {
  readonly name: string;
  readonly shorthand?: string;
}

interface CommandHelp {
  readonly path: readonly string[];
  readonly aliases: readonly string[];
  readonly children: readonly string[];
  readonly flags: readonly HelpFlag[];
}

/** Children that `--help` of kubectl itself does not list, because they are hidden or made by the command library. */
const unlistedCommands: ReadonlyMap<string, readonly string[]> = new Map([['', ['help', 'options']]]);

/** Flags that exist but are hidden from the help because they are deprecated. */
const unlistedFlags: ReadonlyMap<string, readonly HelpFlag[]> = new Map([['autoscale', [{ name: 'cpu-percent' }]]]);

function parseFlags(text: string): readonly HelpFlag[] {
  const found: HelpFlag[] = [];
  for (const match of text.matchAll(/^ {4}(?:-(\S), )?--([A-Za-z0-9-]+)(?:=.*)?:$/gm)) {
    const [, shorthand, name] = match;
    if (name !== undefined) found.push(shorthand === undefined ? { name } : { name, shorthand });
  }
  return found;
}

function section(text: string, title: string): string {
  const start = text.indexOf(`\n${title}:\n`);
  if (start < 0) return '';
  const body = text.slice(start + title.length + 3);
  const end = body.search(/\n\n/);
  return end < 0 ? body : body.slice(0, end);
}

function parseHelp(path: readonly string[], text: string): CommandHelp {
  const names = path.length === 0 ? text : section(text, 'Available Commands');
  const children = [...names.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm)].flatMap((match) => match[1] ?? []);
  const aliases = section(text, 'Aliases')
    .trim()
    .split(/,\s*/)
    .filter((alias) => alias !== '' && alias !== path.at(-1));
  const options = text.indexOf('\nOptions:\n');
  const usage = text.indexOf('\nUsage:\n', options);
  const flags = options < 0 ? [] : parseFlags(text.slice(options, usage < 0 ? undefined : usage));
  return {
    path,
    aliases,
    children: [...children, ...(unlistedCommands.get(path.join(' ')) ?? [])],
    flags: [...flags, ...(unlistedFlags.get(path.join(' ')) ?? [])],
  };
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += parallel) {
    results.push(...(await Promise.all(items.slice(start, start + parallel).map(work))));
  }
  return results;
}

async function extract(kubectl: string, home: string): Promise<string> {
  const env = { HOME: home, KUBECONFIG: '/dev/null', KUBERC: 'off', PATH: '/nonexistent' };
  const ask = async (...args: readonly string[]): Promise<Answer> => {
    try {
      const { stdout, stderr } = await run(kubectl, [...args], { env });
      return { code: 0, text: stdout + stderr };
    } catch (error) {
      if (typeof error === 'object' && error !== null && 'stdout' in error && 'stderr' in error)
        return { code: 1, text: `${String(error.stdout)}${String(error.stderr)}` };
      throw error;
    }
  };

  const describeFlag = async (path: readonly string[], flag: HelpFlag): Promise<string> => {
    const label = flag.shorthand === undefined ? flag.name : `${flag.name}/${flag.shorthand}`;
    const bare = await ask(...path, '--help', `--${flag.name}`);
    // `--kuberc` is read before the flags are parsed and complains in words of its own.
    if (bare.text.includes('flag needs an argument') || bare.text.includes('kuberc file is not found')) return label;
    if (bare.text.includes('unknown flag') || bare.code !== 0)
      throw new Error(`kubectl ${path.join(' ')} --${flag.name}: ${bare.text.slice(0, 200)}`);
    const word = await ask(...path, '--help', `--${flag.name}=not-a-bool`);
    return word.text.includes('ParseBool') || word.text.includes('invalid argument') ? `${label}?` : `${label}?=`;
  };

  const walk = async (path: readonly string[]): Promise<readonly CommandHelp[]> => {
    const help = parseHelp(path, (await ask(...path, '--help')).text);
    const below = await each(help.children, (child) => walk([...path, child]));
    return [help, ...below.flat()];
  };

  const version = /"gitVersion":\s*"(v[^"]+)"/.exec((await ask('version', '--client', '-o', 'json')).text)?.[1] ?? 'unknown';
  const globals = await each(parseFlags((await ask('options')).text), (flag) => describeFlag(['get'], flag));
  const commands = (await walk([])).filter((command) => command.path.length > 0);
  const lines: string[] = [];
  for (const command of commands) {
    const flags = await each(command.flags, (flag) => describeFlag(command.path, flag));
    const row = [[command.path.join(' '), ...command.aliases].join('|'), ...flags].join(' , ');
    lines.push(`  '${row}',`);
  }
  return [
    '// Written by scripts/extract-kubectl.ts. Do not edit.',
    '',
    '/** The version of kubectl that the table was read from. */',
    `export const kubectlVersion: string = '${version}';`,
    '',
    '/** Flags that every command takes: `name[/shorthand]`, then `?` for a boolean, `?=` for an optional value, nothing for a value. */',
    'export const globalFlags: readonly string[] = [',
    ...globals.map((flag) => `  '${flag}',`),
    '];',
    '',
    '/** One command a row: its path and, after `|`, its aliases; then its own flags. */',
    'export const commandRows: readonly string[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
}

const [kubectl] = process.argv.slice(2);
if (kubectl === undefined) {
  process.stderr.write('extract-kubectl: which kubectl? Give its path: node scripts/extract-kubectl.ts /usr/local/bin/kubectl\n');
  process.exitCode = 2;
} else {
  const home = await mkdtemp(join(tmpdir(), 'extract-kubectl-'));
  try {
    await writeFile(new URL('../src/kubectl/table.gen.ts', import.meta.url), await extract(kubectl, home));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
