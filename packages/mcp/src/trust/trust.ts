import type { JsonObject } from '@kw/agent';
import type { UpstreamConfig } from '../client/config.ts';
import { canonicalJson, textOf } from '../json.ts';

/** What is remembered of a server that was used. */
export interface TrustRecord {
  /** Hash of what is started or reached. */
  readonly identity: string;
  /** Hash of each tool by its name; absent where no tool was seen yet. */
  readonly tools?: Readonly<Record<string, string>>;
}

/** Keeps what was seen of servers. */
export interface TrustStore {
  get(key: string): Promise<TrustRecord | undefined>;
  set(key: string, record: TrustRecord): Promise<void>;
}

/** A store in memory, for tests and for hosts without a disk. */
export function memoryTrustStore(): TrustStore {
  const records = new Map<string, TrustRecord>();
  return {
    get: async (key) => records.get(key),
    set: async (key, record) => {
      records.set(key, record);
    },
  };
}

/** How far a server may be used. */
export type ServerTrust =
  | { readonly type: 'trusted' }
  /** Seen for the first time: people are told what it is. */
  | { readonly type: 'first-use' }
  | { readonly type: 'disabled'; readonly reason: string };

/** The key of a server's record. What a variable changed is remembered beside what the file says. */
export function trustKey(config: UpstreamConfig): string {
  return config.overridden === true ? `${config.name} ${identityOf(config).slice(0, 16)}` : config.name;
}

/** Hash of what is started or reached: command, arguments and names of variables, or address and names of headers. */
export function identityOf({ transport }: UpstreamConfig): string {
  return sha256(
    transport.type === 'http'
      ? JSON.stringify(['http', transport.url, Object.keys(transport.headers).sort()])
      : JSON.stringify(['stdio', transport.command, transport.args, Object.keys(transport.env).sort()]),
  );
}

/** Hash of all that a tool says of itself. */
export function toolHash(tool: JsonObject): string {
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  return sha256(
    canonicalJson([name ?? null, title ?? null, description ?? null, inputSchema ?? null, outputSchema ?? null, annotations ?? null]),
  );
}

/** Whether a server may be started or reached. */
export function judgeServer(config: UpstreamConfig, record: TrustRecord | undefined): ServerTrust {
  if (config.trust === true) return { type: 'trusted' };
  const way = `look at it and approve it: kubelet-wuhrai mcp trust ${config.name}`;
  if (record === undefined)
    return config.trust === false ? { type: 'disabled', reason: `it waits for your approval; ${way}` } : { type: 'first-use' };
  if (record.identity !== identityOf(config))
    return { type: 'disabled', reason: `its command or address changed since it was used; ${way}` };
  return { type: 'trusted' };
}

/** The tools that may be used, and the names of those that are not what they were. */
export function judgeTools(
  config: UpstreamConfig,
  record: TrustRecord | undefined,
  tools: readonly JsonObject[],
): { readonly usable: readonly JsonObject[]; readonly changed: readonly string[] } {
  const known = record?.tools;
  if (config.trust === true || known === undefined) return { usable: tools, changed: [] };
  const isKnown = (tool: JsonObject): boolean => new Map(Object.entries(known)).get(textOf(tool, 'name') ?? '') === toolHash(tool);
  return { usable: tools.filter(isKnown), changed: tools.filter((tool) => !isKnown(tool)).map((tool) => textOf(tool, 'name') ?? '') };
}

/** The record of a server as it is now. */
export function recordOf(config: UpstreamConfig, tools: readonly JsonObject[] | undefined): TrustRecord {
  const identity = identityOf(config);
  if (tools === undefined) return { identity };
  return { identity, tools: Object.fromEntries(tools.map((tool) => [textOf(tool, 'name') ?? '', toolHash(tool)])) };
}

function sha256(text: string): string {
  // Loaded with the first hash: a server that relays nothing does not need it.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}
