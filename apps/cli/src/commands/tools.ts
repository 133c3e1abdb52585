import type { ListedTool } from '@kw/runtime';
import { exitCodes } from '../exit-code.ts';
import { safeText } from '../render/safe-text.ts';
import { columns } from './columns.ts';
import type { RuntimeContext } from './context.ts';
import { wantsJson } from './context.ts';
import { jsonText } from '../render/json-text.ts';

/** Prints the tools that the model is given, and where each comes from. Asks no model. */
export async function listTools(context: RuntimeContext): Promise<number> {
  const { host, runtime, loaded } = context;
  if (wantsJson(context)) {
    host.stdout.write(`${jsonText(runtime.tools, 2)}\n`);
    return exitCodes.answered;
  }
  const rows = runtime.tools.map((tool) => [tool.name, originOf(tool, loaded.config.language), oneLine(tool.description)]);
  for (const line of columns(rows, host.stdout.isTTY ? host.stdout.columns() : undefined)) host.stdout.write(`${line}\n`);
  return exitCodes.answered;
}

function originOf({ kind, source }: ListedTool, language: 'en' | 'zh'): string {
  switch (kind) {
    case 'built-in':
      return language === 'zh' ? '内置' : 'built in';
    case 'custom':
      return safeText(source ?? 'tools.yaml');
    case 'mcp':
      return `MCP ${safeText(source ?? '')}`.trimEnd();
  }
}

function oneLine(text: string): string {
  return safeText(text).replaceAll(/\s+/g, ' ').trim();
}
