import type { JsonObject } from '@kw/agent';
import { textOf } from '../json.ts';
import type { Upstream } from './upstream.ts';

/** A tool of a server under the name by which it is called here. */
export interface NamedTool {
  readonly name: string;
  readonly upstream: Upstream;
  /** Its own name at the server. */
  readonly original: string;
  readonly tool: JsonObject;
}

/** All tools with names that are unique, and what had to be renamed for that. */
export interface NamedTools {
  readonly tools: readonly NamedTool[];
  readonly renamed: readonly string[];
}

/** What models take as a tool's name, by the providers' documentation. */
const maxNameLength = 64;

/** Names every tool `server__tool`, or as the server does where the configuration says so; never like a built-in, never twice. */
export function nameTools(upstreams: readonly Upstream[], reserved: ReadonlySet<string>): NamedTools {
  const taken = new Set(reserved);
  const renamed: string[] = [];
  const tools = upstreams.flatMap((upstream) =>
    upstream.tools().map((tool): NamedTool => {
      const original = textOf(tool, 'name') ?? '';
      const long = `${upstream.config.name}__${original}`;
      const wish = upstream.config.prefix || taken.has(original) ? long : original;
      const name = unique(clean(wish), taken);
      taken.add(name);
      if (name !== wish) renamed.push(`${wish} is called ${name} here`);
      return { name, upstream, original, tool };
    }),
  );
  return { tools, renamed };
}

function clean(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  return safe.length <= maxNameLength ? safe : `${safe.slice(0, maxNameLength - 9)}_${checksum(name)}`;
}

function unique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const next = `${name.slice(0, maxNameLength - 4)}_${number}`;
    if (!taken.has(next)) return next;
  }
}

/** FNV-1a, 32 bits, hex: tells long names with an equal beginning apart. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) hash = Math.imul(hash ^ unit, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
