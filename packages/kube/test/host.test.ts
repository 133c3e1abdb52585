import { describe, expect, it } from 'vitest';
import { nodeHost } from '../src/index.ts';

describe('the surroundings of a Node process', () => {
  it('one exit listener serves any number of targets, and goes with the last', () => {
    const before = process.listenerCount('exit');
    const { onExit } = nodeHost();
    const callOffs = Array.from({ length: 50 }, () => onExit(() => undefined));
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (const callOff of callOffs) callOff();
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('a process is alive under its own start only', () => {
    const host = nodeHost();
    expect(host.isAlive(host.process)).toBe(true);
    expect(host.isAlive({ ...host.process, start: '1' })).toBe(false);
    expect(host.isAlive({ ...host.process, scope: 'elsewhere' })).toBe(false);
    expect(host.isAlive({ ...host.process, id: 999_999_999 })).toBe(false);
  });

  it('a wait ends with the reason of its signal', async () => {
    const { sleep } = nodeHost();
    await sleep(1);
    const reason = new Error('enough');
    await expect(sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
