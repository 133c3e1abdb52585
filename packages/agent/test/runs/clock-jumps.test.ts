import { expect, it } from 'vitest';
import { type AgentEvent, type Clock, memorySessionStore, systemClock } from '../../src/index.ts';
import { fakeTool } from '../../src/testing/index.ts';
import { alice, checkLog, entriesOf, modelByResults, testRuns } from '../support.ts';

const dayMs = 86_400_000;

it.each([
  ['a day ahead', [dayMs]],
  ['a day back', [-dayMs]],
  ['ahead and back', [dayMs, -2 * dayMs]],
])('reliability 28: a clock that jumps %s in a run: it ends once, in order, each call ran once, ids stay unique', async (_, jumps) => {
  let offset = 0;
  const clock: Clock = { now: () => Date.now() + offset, sleep: systemClock.sleep };
  const store = memorySessionStore({ now: clock.now });
  const look = fakeTool({
    output: (text) => {
      offset += jumps[Number(text)] ?? 0;
      return 'seen\n';
    },
  });
  const model = modelByResults([
    { toolCalls: [{ name: 'look', arguments: { text: '0' } }] },
    { toolCalls: [{ name: 'look', arguments: { text: '1' } }] },
    { text: 'Done.' },
  ]);
  const runs = testRuns(model, [look], { store, clock });
  const stop = new AbortController();
  const driving = runs.drive(stop.signal);
  const first = await runs.start({ text: 'x' }, alice);
  const events: AgentEvent[] = [];
  for await (const event of runs.follow(first)) events.push(event);
  const second = await runs.start({ text: 'y' }, alice);
  stop.abort();
  await driving;
  expect(events.filter(({ type }) => type === 'run-end')).toMatchObject([{ outcome: { type: 'completed', answer: 'Done.' } }]);
  expect(look.ran).toEqual(['0', '1']);
  expect(second.session).not.toBe(first.session);
  checkLog(await entriesOf(store, first.session));
});
