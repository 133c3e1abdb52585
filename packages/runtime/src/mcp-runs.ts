import type { Tool } from '@kw/agent';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { listTool } from './listed-tool.ts';
import { createMcpEquipment } from './mcp.ts';
import type { McpEquipmentOptions } from './mcp.ts';
import type { Equipment } from './tools.ts';

/** Equipment whose tools may come and go. */
export interface ServedEquipment extends Equipment {
  /** The tools as they are now. */
  readonly toolsNow: () => readonly Tool[];
  /** A question with what it names of servers put in. */
  readonly expand: (text: string, signal?: AbortSignal) => Promise<string>;
}

/** What is told and asked while servers are used. */
export type ServerScope = Pick<McpEquipmentOptions, 'ask'> & { readonly warn: (message: string) => void };

/** Adds the tools of the configured MCP servers; waits for them at most 10 s, and warns of those that are not there. Throws KwError `bad-configuration`. */
export async function equipWithServers(
  equipping: Promise<Equipment>,
  surroundings: { readonly config: Config; readonly host: RuntimeHost },
  { warn, ask }: ServerScope,
): Promise<ServedEquipment> {
  const own = await equipping;
  const names = [...own.tools.map(({ name }) => name), 'read_output'];
  const servers = await createMcpEquipment(surroundings.config, surroundings.host, {
    reserved: new Set(names),
    notice: warn,
    ...(ask === undefined ? {} : { ask }),
  });
  const problems = await servers.ready();
  const listed = servers.manager.tools().tools.map(({ name, upstream, tool }) => {
    const { description } = tool;
    return listTool({ name, description: typeof description === 'string' ? description : '' }, 'mcp', upstream.config.name);
  });
  return {
    ...own,
    toolsNow: () => [...own.tools, ...servers.tools()],
    expand: servers.expand,
    listed: [...own.listed, ...listed],
    learned: () => [...own.learned(), ...servers.secrets()],
    warnings: [...own.warnings, ...servers.warnings, ...problems],
    close: async () => {
      await servers.close();
      await own.close();
    },
  };
}
