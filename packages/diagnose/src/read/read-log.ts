import { apiPath, isKubeError } from '@kw/kube';
import type { KubeClient } from '@kw/kube';
import type { LogWish } from '../condition.ts';
import type { Evidence } from '../finding.ts';
import { cutLine, hideSecrets } from '../world/cut.ts';

const tailLines = 40;
const maxLogBytes = 16 * 1024;
const maxLines = 3;
const maxLineLength = 300;
const timeoutMs = 10_000;
/** What a program says before it gives up. */
const telling =
  /error|exception|fatal|panic|fail|refused|denied|cannot|can't|unable|not found|no such|timed? ?out|invalid|missing|traceback|killed/i;
/** A line of a key or a file, whose beginning may have been cut off: it tells nothing. */
const encoded = /^[A-Za-z0-9+/=_-]{40,}$/;

/** The lines of a log that say most: the last telling ones, else the last ones. Empty where the log can't be read. */
export async function readLog(client: KubeClient, wish: LogWish, signal: AbortSignal | undefined): Promise<readonly Evidence[]> {
  const { namespace, pod, container, previous } = wish;
  const path = apiPath({ group: '', version: 'v1', resource: 'pods' }, { namespace, name: pod, subresource: 'log' });
  try {
    const { text } = await client.request({
      path,
      query: { container, tailLines, limitBytes: maxLogBytes, previous: previous ? true : undefined },
      accept: '*/*',
      headerTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
      signal,
    });
    return pickLines(hideSecrets(text)).map((value) => ({ type: 'log', at: `${pod}/${container}`, value }));
  } catch (error) {
    if (signal?.aborted === true || !isKubeError(error)) throw error;
    return []; // the finding stands without it
  }
}

/** The lines that tell most, in their order. */
export function pickLines(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !encoded.test(line));
  const said = lines.filter((line) => telling.test(line));
  const chosen = (said.length > 0 ? said : lines).slice(-maxLines);
  return [...new Set(chosen)].map((line) => cutLine(line, maxLineLength));
}
