import type { JsonObject, Tool } from '@kw/agent';

/** How tools of our own are shown. */
export interface Listing {
  /** Nothing is changed, whatever is asked for. */
  readonly readOnly: boolean;
}

/** A tool of our own as it is listed. What a hint promises, the executor keeps. */
export function listedTool(tool: Tool, { readOnly }: Listing): JsonObject {
  const onlyReads = readOnly || tool.name === 'diagnose';
  return {
    name: tool.name,
    title: tool.title ?? tool.name,
    description: [tool.description, tool.guidance].filter((part) => part !== undefined).join(' '),
    inputSchema: tool.parameters,
    annotations: {
      title: tool.title ?? tool.name,
      readOnlyHint: onlyReads,
      destructiveHint: !onlyReads,
      idempotentHint: onlyReads,
      openWorldHint: tool.name !== 'kubectl' && tool.name !== 'diagnose',
    },
  };
}
