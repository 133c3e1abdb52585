import type { UpstreamAuth, UpstreamConfig, UpstreamTransport } from '@kw/mcp';
import { KwError, nearNames } from '@kw/providers';
import { defaultMcpTimeoutMs, expandVariables, parseDuration } from './mcp-values.ts';
import { readYamlMap, type YamlField, type YamlFields } from './mcp-yaml.ts';

/** What reading the file of MCP servers needs. */
export interface McpConfigOptions {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const serverKeys = [
  'name',
  'command',
  'args',
  'env',
  'url',
  'headers',
  'auth',
  'timeout',
  'description',
  'trust',
  'tools',
  'enabled',
  'prefix',
  'skip-verify-ssl',
];
const authKeys = [
  'type',
  'token',
  'username',
  'password',
  'header',
  'key',
  'client-id',
  'client-secret',
  'scope',
  'client-metadata-url',
  'redirect-port',
];
const authTypes = ['bearer', 'basic', 'api-key', 'oauth'];
/** What a variable `MCP_<NAME>_<FIELD>` may set; `env.*` and `headers.*` too. */
const overridable = [
  'command',
  'args',
  'url',
  'timeout',
  'description',
  'trust',
  'enabled',
  'prefix',
  'skip-verify-ssl',
  ...authKeys.map((key) => `auth.${key}`),
];

/**
 * Parses mcp.yaml. `${VAR}` is replaced in every text (`${VAR:-default}` where it may be unset), and `MCP_<NAME>_<FIELD>` is stronger than the file.
 * Throws KwError `bad-configuration` with the line of what is not understood; a variable that is not set is a problem of its server alone.
 */
export async function parseMcpConfig(text: string, { path, env }: McpConfigOptions): Promise<readonly UpstreamConfig[]> {
  const root = await readYamlMap(text, path);
  root.allow(['servers']);
  const servers = root.get('servers')?.items() ?? [];
  const names = new Map<string, string>();
  return servers.map((item) => {
    const server = item.fields();
    server.allow(serverKeys);
    const name = server.get('name')?.text();
    if (name === undefined || name.trim() === '') throw item.refuse('a server needs a `name`');
    const before = names.get(name);
    if (before !== undefined) throw item.refuse(`the name ${JSON.stringify(name)} is taken by the server at ${before}`);
    names.set(name, item.origin);
    return readServer(name, item, { server, env });
  });
}

interface Surroundings {
  readonly server: YamlFields;
  readonly env: McpConfigOptions['env'];
}

function readServer(name: string, item: YamlField, { server, env }: Surroundings): UpstreamConfig {
  const problems: string[] = [];
  const expand = (value: string): string => expandVariables(value, env, (missing) => problems.push(`the variable ${missing} is not set`));
  const override = overridesOf(name, env);
  const one = (key: string, fields: YamlFields | undefined = server, field = key): string | undefined => {
    const over = override(key);
    if (over !== undefined) return over;
    const written = fields?.get(field)?.text();
    return written === undefined ? undefined : expand(written);
  };
  const many = (key: 'env' | 'headers'): Readonly<Record<string, string>> =>
    Object.fromEntries(
      (server.get(key)?.fields().all() ?? []).map((field) => [field.key, override(`${key}.${field.key}`) ?? expand(field.text())]),
    );
  const command = override('url') === undefined ? one('command') : override('command');
  const url = override('command') === undefined ? one('url') : override('url');
  if ((command === undefined) === (url === undefined))
    throw item.refuse(`the server ${JSON.stringify(name)} needs either \`command\` or \`url\``);
  if (url !== undefined && problems.length === 0 && !isHttpUrl(url))
    throw (server.get('url') ?? item).refuse(`${JSON.stringify(url)} is no http(s) address`);
  const args = override('args');
  const transport: UpstreamTransport =
    command === undefined
      ? { type: 'http', url: url ?? '', headers: many('headers') }
      : {
          type: 'stdio',
          command,
          args: args === undefined ? (server.get('args')?.items() ?? []).map((arg) => expand(arg.text())) : wordsOf(args),
          env: many('env'),
        };
  const authFields = server.get('auth')?.fields();
  authFields?.allow(authKeys);
  const auth = readAuth(
    (key) => one(`auth.${key}`, authFields, key),
    server.get('auth') ?? item,
    authFields !== undefined || override('auth.type') !== undefined,
  );
  const tools = server.get('tools')?.fields();
  tools?.allow(['include', 'exclude']);
  const list = (key: string): readonly string[] | undefined =>
    tools
      ?.get(key)
      ?.items()
      .map((tool) => tool.text());
  const timeout = one('timeout');
  const timeoutMs = timeout === undefined ? defaultMcpTimeoutMs : parseDuration(timeout);
  if (timeoutMs === undefined)
    throw (server.get('timeout') ?? item).refuse(
      `${JSON.stringify(timeout)} is no time; write seconds, or a number with ms, s or m, such as 30s`,
    );
  const flag = (key: string): boolean | undefined => {
    const value = one(key)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false')
      throw (server.get(key) ?? item).refuse(`\`${key}\` is true or false, not ${JSON.stringify(value)}`);
    return value === 'true';
  };
  const [description, trust, include, exclude] = [one('description'), flag('trust'), list('include'), list('exclude')];
  const skipVerifySsl = flag('skip-verify-ssl');
  if (skipVerifySsl === true && problems.length === 0 && !(url ?? '').startsWith('https:'))
    throw (server.get('skip-verify-ssl') ?? item).refuse('`skip-verify-ssl` is for a server with an https address');
  const overridden = ['command', 'args', 'url'].some((key) => override(key) !== undefined);
  return Object.freeze({
    name,
    transport,
    timeoutMs,
    enabled: flag('enabled') ?? true,
    prefix: flag('prefix') ?? true,
    ...(auth === undefined ? {} : { auth }),
    ...(description === undefined ? {} : { description }),
    ...(trust === undefined ? {} : { trust }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(skipVerifySsl === true ? { skipVerifySsl } : {}),
    ...(overridden ? { overridden } : {}),
    ...(problems[0] === undefined ? {} : { problem: problems[0] }),
  });
}

function readAuth(get: (key: string) => string | undefined, at: YamlField, isGiven: boolean): UpstreamAuth | undefined {
  if (!isGiven) return undefined;
  const type = get('type');
  const need = (key: string): string => {
    const value = get(key);
    if (value === undefined) throw at.refuse(`\`auth.${key}\` is missing; type ${type ?? ''} needs it`);
    return value;
  };
  switch (type) {
    case 'bearer':
      return { type, token: need('token') };
    case 'basic':
      return { type, username: need('username'), password: need('password') };
    case 'api-key':
      return { type, header: get('header') ?? 'x-api-key', key: get('key') ?? need('token') };
    case 'oauth': {
      const port = get('redirect-port');
      const known = {
        clientId: get('client-id'),
        clientSecret: get('client-secret'),
        scope: get('scope'),
        clientMetadataUrl: get('client-metadata-url'),
        redirectPort: port === undefined ? undefined : Number(port),
      };
      if (known.redirectPort !== undefined && !(known.redirectPort > 0 && known.redirectPort < 65_536))
        throw at.refuse(`\`auth.redirect-port\` ${JSON.stringify(port)} is no port`);
      return {
        type,
        ...(known.clientId === undefined ? {} : { clientId: known.clientId }),
        ...(known.clientSecret === undefined ? {} : { clientSecret: known.clientSecret }),
        ...(known.scope === undefined ? {} : { scope: known.scope }),
        ...(known.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: known.clientMetadataUrl }),
        ...(known.redirectPort === undefined ? {} : { redirectPort: known.redirectPort }),
      };
    }
    default: {
      const [near] = nearNames(type ?? '', authTypes);
      throw at.refuse(
        `\`auth.type\` is one of ${authTypes.join(', ')}${type === undefined ? '' : `, not ${JSON.stringify(type)}`}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
  }
}

/** Looks fields up in the variables `MCP_<NAME>_<FIELD>`. */
function overridesOf(name: string, env: McpConfigOptions['env']): (field: string) => string | undefined {
  const known = new Set(overridable);
  return (field) => {
    if (!known.has(field) && !/^(env|headers)\./.test(field)) return undefined;
    const value = env[`MCP_${variable(name)}_${variable(field)}`];
    return value === undefined || value === '' ? undefined : value;
  };
}

function variable(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

/** A list in a variable: JSON, or words between spaces. */
function wordsOf(text: string): readonly string[] {
  if (text.trimStart().startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text);
      if (Array.isArray(value)) return value.map(String);
    } catch (cause) {
      throw new KwError('bad-configuration', `${JSON.stringify(text)} is no JSON list`, { cause });
    }
  }
  return text.split(/\s+/).filter((word) => word !== '');
}

function isHttpUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
