import type { ToolChunk } from '@kw/agent';
import type { KubectlCommand } from './parse-kubectl.ts';

/** Lines of each container that are read where nobody says how many. */
export const defaultTailLines = 1_000;

const bounds: ReadonlySet<string> = new Set(['tail', 'since', 'since-time', 'limit-bytes', 'selector', 'follow', 'help']);

/** The flag that bounds a `logs` without a bound of its own; undefined where none is needed. */
export function boundOfLogs(command: KubectlCommand | undefined): string | undefined {
  if (command?.verb !== 'logs' || command.dashAt !== undefined) return undefined;
  return command.uses.some(({ spec }) => bounds.has(spec.name)) ? undefined : `--tail=${defaultTailLines}`;
}

/** The same chunks; where as many lines came as were asked for, the end says that there may be more. */
export async function* tellBound(chunks: AsyncIterable<ToolChunk>): AsyncGenerator<ToolChunk, void, void> {
  let lines = 0;
  for await (const chunk of chunks) {
    if (chunk.type === 'output' && chunk.stream === 'stdout') lines += linesOf(chunk.text);
    const isCut = chunk.type === 'result' && !chunk.isError && lines >= defaultTailLines;
    yield isCut
      ? { ...chunk, note: `the last ${defaultTailLines} lines: --tail was not given. --since=1h reads what is recent, --tail=-1 reads all` }
      : chunk;
  }
}

function linesOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
