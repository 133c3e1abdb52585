import type { Tool } from '@kw/agent';

/** A tool as people see it in a list. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly kind: 'built-in' | 'custom' | 'mcp';
  /** Where it is described: `path:line` of a custom tool, the server of an MCP tool. */
  readonly source?: string;
}

/** Makes the list's line of a tool. */
export function listTool({ name, description }: Pick<Tool, 'name' | 'description'>, kind: ListedTool['kind'], source?: string): ListedTool {
  return { name, description, kind, ...(source === undefined ? {} : { source }) };
}
