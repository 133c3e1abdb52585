import type { CallResult, JsonObject, OutputStore } from '@kw/agent';

/** Bytes of a result's text; a larger one is cut, and the whole is a resource. */
export const maxTextBytes: number = 64 * 1024;
/** About as many tokens as fit into these bytes. */
export const maxTextTokens = 16_000;

/** Where a kept output is read in the session of its call. */
export function outputUri(session: string, ref: string): string {
  return `kw-output://${session}/${ref.replace('output:', '')}`;
}

/** Reads such an address; undefined for any other. */
export function parseOutputUri(uri: string): { readonly session: string; readonly ref: `output:${number}` } | undefined {
  const [, session, number] = /^kw-output:\/\/([A-Za-z0-9_-]{1,64})\/(\d{1,9})$/.exec(uri) ?? [];
  return session === undefined || number === undefined ? undefined : { session, ref: `output:${Number(number)}` };
}

/** A call's result as the client gets it: the tool's own text as far as it fits, with what was cut, how to ask for less, and where the whole is. */
export async function toolResult(result: CallResult, session: string, outputs: OutputStore): Promise<JsonObject> {
  const { output, isError, content } = result;
  const whole = (text: string): JsonObject => ({ content: [{ type: 'text', text }], isError });
  const marker = output === undefined ? -1 : content.lastIndexOf(`[${output}, `);
  if (output === undefined || marker === -1) return whole(content);
  const reader = outputs.reader(session);
  const info = await reader.info(output);
  const lines: string[] = [];
  let bytes = 0;
  const encoder = new TextEncoder();
  for await (const { text } of reader.lines(output)) {
    bytes += encoder.encode(text).length + 1;
    if (bytes > maxTextBytes) break;
    lines.push(text);
  }
  const after = content.slice(marker).split('\n').slice(1);
  if (info !== undefined && lines.length === info.lines) return whole([...lines, ...after].join('\n'));
  const uri = outputUri(session, output);
  const size = info === undefined ? '' : ` of ${info.lines} (${info.bytes} bytes)`;
  const cut =
    lines.length === 0
      ? `[cut: the first line alone is larger than ${maxTextBytes} bytes]`
      : `[cut: lines 1-${lines.length}${size} are shown]`;
  const advice = 'Ask for less with -n, -l, --field-selector, --tail or names of objects; the whole is the linked resource.';
  return {
    content: [
      { type: 'text', text: [...lines, cut, advice, ...after].join('\n') },
      {
        type: 'resource_link',
        uri,
        name: `the whole output of this call`,
        mimeType: 'text/plain',
        ...(info === undefined ? {} : { size: info.bytes }),
      },
    ],
    isError,
  };
}
