import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toolPlaces } from '../src/tool-places.ts';

const wish = (tool: string): { tool: string; session: string; by: { issuer: string; subject: string } } => ({
  tool,
  session: 's',
  by: { issuer: 'local', subject: 'ann' },
});

describe('places for tools', () => {
  it('are two for diagnoses, which take none of the commands', async () => {
    const take = toolPlaces(1);
    const { signal } = new AbortController();
    const giveBack = await take(wish('diagnose'), signal);
    await take(wish('diagnose'), signal);
    await take(wish('kubectl'), signal);
    let third = false;
    const waiting = take(wish('diagnose'), signal).then(() => (third = true));
    await setImmediate();
    expect(third).toBe(false);
    giveBack();
    await waiting;
    expect(third).toBe(true);
  });
});
