import { expect, it } from 'vitest';
import { createSlices } from '../../src/network/slices.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('what comes at once is worked on in order, a few milliseconds a turn of the event loop', async () => {
  let now = 0;
  const slices = createSlices(() => now);
  const done: number[] = [];
  for (let index = 0; index < 20; index += 1)
    slices(() => {
      now += 1;
      done.push(index);
    });
  expect(done).toHaveLength(5); // the time of this turn
  await turn();
  expect(done).toHaveLength(13); // half of what waited
  await turn();
  expect(done).toHaveLength(18); // its time
  await turn();
  slices(() => done.push(20));
  await expect.poll(() => done).toHaveLength(21);
  expect(done).toEqual(Array.from({ length: 21 }, (_, index) => index));
});

it('what a piece of work wakes counts for its turn', async () => {
  let now = 0;
  const slices = createSlices(() => now);
  const done: string[] = [];
  slices(() => (now += 5)); // this turn's time is over
  for (const name of ['first', 'second', 'third'])
    slices(() => {
      void Promise.resolve().then(() => {
        now += 10;
        done.push(name);
      });
    });
  await turn();
  expect(done).toEqual(['first', 'second']); // half of what waited
  await expect.poll(() => done).toEqual(['first', 'second', 'third']);
});
