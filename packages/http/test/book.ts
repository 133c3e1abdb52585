import type { BookDetail, SessionBook } from '../src/index.ts';

/** A book that knows the runs which the test has asked for. */
export function bookOf(runs: string[]): SessionBook {
  const show = async (id: string): Promise<BookDetail> => ({
    id,
    title: id,
    createdAt: 0,
    updatedAt: 0,
    status: 'idle',
    role: 'owner',
    members: [],
    runs: runs.map((runId) => ({
      runId,
      question: 'x',
      startedAt: 0,
      answer: '',
      usage: { inputTokens: 0, outputTokens: 0 },
      calls: [],
      steps: [],
    })),
  });
  return { list: async () => [], show, rename: show, share: show, delete: show };
}
