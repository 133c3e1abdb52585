import { describe, expect, it } from 'vitest';
import type { ProcessEvent } from '../../src/process/run-process.ts';
import { withProgress } from '../../src/process/with-progress.ts';

const secret = `apiVersion: v1
kind: Secret
metadata: { name: s }
data:
  plain: aHVudGVyMi1odW50ZXIy
`;

/** A process that prints each text at once and then waits for as many messages as are wanted. */
async function messagesOf(texts: readonly string[], { showsLines = true, wanted = 1 } = {}): Promise<readonly string[]> {
  let enough: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const messages: string[] = [];
  async function* events(): AsyncGenerator<ProcessEvent, void, void> {
    for (const text of texts) yield { type: 'output', stream: 'stdout', text };
    await over;
    yield { type: 'end', how: 'exited', exitCode: 0 };
  }
  let now = 0;
  for await (const event of withProgress(events(), { showsLines, intervalMs: 5, monotonic: () => (now += 4_000) })) {
    if (event.type !== 'progress') continue;
    messages.push(event.message);
    if (messages.length === wanted) enough();
  }
  return messages;
}

describe('progress of a command', () => {
  it('tells time, lines, bytes and the last line', async () => {
    expect(await messagesOf(['one\ntwo\n', 'thr'])).toEqual(['4 s, 2 lines, 11 B: two']);
  });

  it('is told now and then where nothing is printed', async () => {
    expect(await messagesOf([])).toEqual(['4 s']);
  });

  it('shows no control characters and no endless line', async () => {
    const [message] = await messagesOf([`\u{1b}[2Jx${'y'.repeat(500)}\n`]);
    expect(message).toContain('\\u{1b}[2Jx');
    expect(message?.length).toBeLessThan(180);
  });

  it('hides the values of a Secret, which a line alone would not show to be one', async () => {
    const [message] = await messagesOf([secret, '---\nkind: ConfigMap\n']);
    expect(message).not.toContain('aHVudGVyMi1odW50ZXIy');
  });

  it('shows no line of what may be secret', async () => {
    expect(await messagesOf(['hunter2\n'], { showsLines: false })).toEqual(['4 s, 1 line, 8 B']);
  });

  it('shows no line of very long output', async () => {
    expect(await messagesOf(['x'.repeat(1_048_577), '\nlast\n'])).toEqual(['4 s, 2 lines, 1049 kB']);
  });
});
