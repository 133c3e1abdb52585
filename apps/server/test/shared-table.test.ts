import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shareTable } from '../src/shared-table.ts';

describe('the table of sockets', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A table of which each reading takes its time. */
  function slowTable(tookMs: number): { readonly reads: number[]; readonly ask: () => Promise<string> } {
    const reads: number[] = [];
    const read = async (): Promise<string> => {
      reads.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, tookMs));
      return String(reads.length);
    };
    const table = shareTable(read, () => performance.now());
    return { reads, ask: () => table('/proc/net/tcp') };
  }

  it('is read once for all who ask while they wait, and anew for who asks later', async () => {
    const { reads, ask } = slowTable(5);
    const first = [ask(), ask(), ask()];
    await vi.advanceTimersByTimeAsync(2);
    const late = ask(); // the reading has begun: a socket of now need not be in it
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all([...first, late])).toEqual(['1', '1', '1', '2']);
    expect(reads).toHaveLength(2);
  });

  it('takes a small part of the time when questions come without end, and who asks after a rest does not wait', async () => {
    const { reads, ask } = slowTable(5);
    const answers: Promise<string>[] = [];
    for (let asked = 0; asked < 1_000; asked += 1) {
      answers.push(ask());
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(500);
    await Promise.all(answers);
    expect(reads.length).toBeGreaterThan(30); // nobody waits for longer than a quarter of a second
    expect(reads.length).toBeLessThan(60);
    await vi.advanceTimersByTimeAsync(5_000);
    const asked = performance.now();
    const answer = ask();
    await vi.advanceTimersByTimeAsync(50);
    await answer;
    expect((reads.at(-1) ?? 0) - asked).toBeLessThan(2);
  });
});
