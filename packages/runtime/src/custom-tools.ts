import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KwError } from '@kw/providers';
import type { CustomToolSpec, CustomVariable } from '@kw/tools';
import type { Config } from './config/config.ts';

/** The user's own tools, and what their files hold beside them. */
export interface CustomTools {
  readonly specs: readonly CustomToolSpec[];
  /** Values of variables whose names say that they are secret. */
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
}

/** What reading them needs to know. */
export interface CustomToolsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names that tools may not have. */
  readonly taken: readonly string[];
  /** Keys of model services, which no tool gets. */
  readonly apiKeys: readonly string[];
}

/**
 * Reads the files and directories of `tools-config`, or else `tools.yaml` and `tools.d` of the configuration's directory where they are there.
 * Throws KwError `bad-configuration` naming file and line.
 */
export async function loadCustomTools(
  { toolsConfig, configDirectory }: Pick<Config, 'toolsConfig' | 'configDirectory'>,
  options: CustomToolsOptions,
): Promise<CustomTools> {
  const found = await Promise.all(
    toolsConfig.length > 0 ? toolsConfig.map(named) : ['tools.yaml', 'tools.d'].map((name) => filesOf(join(configDirectory, name))),
  );
  const files = found.flat();
  if (files.length === 0) return { specs: [], secrets: [], warnings: [] };
  const { parseToolsFile } = await import('./custom-tools/parse-file.ts');
  const texts = await Promise.all(files.map(({ path }) => readFile(path, 'utf8')));
  const specs = texts.flatMap((text, index) => parseToolsFile(text, files[index]?.path ?? ''));
  refuseDoubles(specs, options.taken);
  const resolved = specs.map((spec) => ({ ...spec, env: spec.env.map((variable) => resolveVariable(variable, spec, options)) }));
  return {
    specs: resolved,
    secrets: resolved.flatMap(({ env }) => env.flatMap(({ name, value }) => (value !== undefined && isSecretName(name) ? [value] : []))),
    warnings: files
      .filter(({ mode }) => (mode & 0o022) !== 0)
      .map(({ path }) => `${path} can be written by others, and what stands there runs as you: chmod go-w ${path}`),
  };
}

/** A shorter key could be a part of any value. */
const minKeyCharacters = 8;

interface ToolsFile {
  readonly path: string;
  readonly mode: number;
}

async function named(path: string): Promise<readonly ToolsFile[]> {
  const files = await filesOf(path);
  if (files.length === 0 && (await kindOf(path)) === undefined)
    throw new KwError('bad-configuration', `tools-config: ${path}: there is no such file or directory`);
  return files;
}

/** The file, or the YAML files of the directory by name; none where there is no such thing. */
async function filesOf(path: string): Promise<readonly ToolsFile[]> {
  const info = await kindOf(path);
  if (info === undefined) return [];
  if (!info.isDirectory()) return [asFile(path, info)];
  const names = (await readdir(path)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => fileIn(join(path, name))));
  return files.flat();
}

/** What is no file is left alone: a folder may lead back, and a pipe may never end. */
async function fileIn(path: string): Promise<readonly ToolsFile[]> {
  const info = await kindOf(path);
  return info === undefined || !info.isFile() ? [] : [asFile(path, info)];
}

function asFile(path: string, { mode }: Stats): ToolsFile {
  return { path, mode };
}

async function kindOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new KwError('bad-configuration', `${path} can not be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function refuseDoubles(specs: readonly CustomToolSpec[], taken: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const { name, origin } of specs) {
    if (taken.includes(name))
      throw new KwError('bad-configuration', `${origin}: the name "${name}" belongs to a built-in tool; give this one another`);
    const first = seen.get(name);
    if (first !== undefined) throw new KwError('bad-configuration', `${origin}: there is a tool "${name}" already (${first})`);
    seen.set(name, origin);
  }
}

/** Gives a variable its value: its own with `${NAME}` replaced, or that of this process. */
function resolveVariable(variable: CustomVariable, { name, origin }: CustomToolSpec, { env, apiKeys }: CustomToolsOptions): CustomVariable {
  const value =
    variable.value === undefined
      ? env[variable.name]
      : variable.value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, wanted: string) => {
          const found = env[wanted];
          if (found === undefined) throw new KwError('bad-configuration', `${origin}: env of ${name}: the variable ${wanted} is not set`);
          return found;
        });
  if (value !== undefined && apiKeys.some((key) => (key.length >= minKeyCharacters ? value.includes(key) : key !== '' && key === value)))
    throw new KwError(
      'bad-configuration',
      `${origin}: env of ${name}: ${variable.name} holds the key of a model service, which no tool gets`,
    );
  return value === undefined ? { name: variable.name } : { name: variable.name, value };
}

function isSecretName(name: string): boolean {
  return /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|AUTH|(?:^|_)(?:KEY|PAT|PWD|DSN)$|API_?KEY/i.test(name);
}
