import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { peakMegabytes } from './peak.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

/** Prints so many megabytes of log lines of 100 bytes, no two alike, with a needle of the same shape in the middle. */
const logOf = (megabytes: number): string => `#!/bin/sh
exec awk 'BEGIN { srand(7); for (i = 0; i < ${megabytes * 10_000}; i++) { r = rand() * 1e9; if (i == ${megabytes * 5_000}) print "I1125 000000000 4dead4be 0badcafe request from 10.11.12.13 to shard 5 took 60000 ms, 0 bytes, trace 0000feed"; printf "I1125 %09d %08x %08x request from %d.%d.%d.%d to shard %d took %d ms, %d bytes, trace %08x\\n", i, r, r / 3, r % 251, r % 241, r % 239, r % 233, r % 97, r % 1013, r % 99991, r / 7 } }'
`;

describe('a log of 100 MB', { timeout: 120_000 }, () => {
  it('is answered in bounded memory, and the needle in its middle is found through read_output', async () => {
    const PATH = await putOnPath(place, 'kubectl', logOf(100));
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl logs web-7d9c' } }] },
      { toolCalls: [{ name: 'read_output', arguments: { ref: 'output:1', grep: '4dead4be' } }] },
      { text: 'One request took a minute.' },
    );
    const run = await place.start(['why does web-7d9c fail?'], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    const peak = peakMegabytes(run.child.pid ?? 0, run.ended);
    const { code, stdout } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'One request took a minute.\n' });
    const [, afterLogs, afterGrep] = model.chats().map(({ text }) => text);
    expect(afterLogs).not.toContain('0badcafe');
    expect(afterLogs?.length).toBeLessThan(200_000);
    expect(afterGrep).toContain('took 60000 ms');
    expect(await peak).toBeLessThan(300);
  });

  it('is told from a single line of 10 MB', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\nhead -c 10000000 /dev/zero | tr "\\0" x\n');
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl logs web-7d9c' } }] }, { text: 'One long line.' });
    const run = await place.start(['x'], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    const peak = peakMegabytes(run.child.pid ?? 0, run.ended);
    expect(await run.ended).toMatchObject({ code: 0, stdout: 'One long line.\n' });
    expect(model.chats()[1]?.text.length).toBeLessThan(200_000);
    expect(await peak).toBeLessThan(300);
  });
});
