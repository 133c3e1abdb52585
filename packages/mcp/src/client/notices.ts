import type { JsonObject } from '@kw/agent';
import { textOf } from '../json.ts';
import type { UpstreamConfig } from './config.ts';
import { placeOf } from './config.ts';

const maxShown = 12;

/** The last line of what a program said. */
export function lastLine(text: string | undefined): string {
  return text?.split('\n').at(-1)?.slice(0, 200) ?? '';
}

/** What people are told of a server that is used for the first time. */
export function firstUseText(config: UpstreamConfig, tools: readonly JsonObject[]): string {
  const shown = tools.slice(0, maxShown).map((tool) => `  ${textOf(tool, 'name') ?? ''}: ${oneLine(textOf(tool, 'description') ?? '')}`);
  const more = tools.length > maxShown ? [`  and ${tools.length - maxShown} more`] : [];
  return [
    `MCP server ${JSON.stringify(config.name)} is used for the first time: ${placeOf(config)}; ${tools.length} tools`,
    ...shown,
    ...more,
  ].join('\n');
}

/** What people are told of tools that are not what was approved. */
export function changedText({ name }: UpstreamConfig, changed: readonly string[]): string {
  return `MCP server ${JSON.stringify(name)}: tools that are new or not what they were are disabled (${changed.slice(0, maxShown).join(', ')}); look at them and approve them: kubelet-wuhrai mcp trust ${name}`;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
