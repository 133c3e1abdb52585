import { createRuns, memorySessionStore } from '@kw/agent';
import type { AgentEvent, Runs } from '@kw/agent';
import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { conduct } from '../src/conduct.ts';

const by = { issuer: 'local', subject: 'user' };
const model = scriptedModel([{ text: 'Done.' }]);

/** Runs whose driver lets go so many times before it does anything. */
function lettingGo(times: number): Runs {
  const settings = { model: { provider: model.provider, id: model.id }, approvals: 'none' } as const;
  const runs = createRuns({ store: memorySessionStore(), models: () => model, settings, tools: [] });
  let drives = 0;
  return {
    ...runs,
    driveSession: async (session, signal) => {
      drives += 1;
      if (drives > times) await runs.driveSession(session, signal);
    },
  };
}

async function typesOf(runs: Runs): Promise<readonly AgentEvent['type'][]> {
  const run = await runs.start({ text: 'what is wrong?' }, by);
  const types: AgentEvent['type'][] = [];
  for await (const { type } of conduct(runs, run, by)) types.push(type);
  return types;
}

describe('a run that is conducted', () => {
  it('is taken up again where its driver let go of it, and ends once', async () => {
    const types = await typesOf(lettingGo(2));
    expect(types.filter((type) => type === 'run-end')).toHaveLength(1);
    expect(types.at(-1)).toBe('run-end');
  });

  it('fails where no driver keeps it, and is not followed for ever', async () => {
    await expect(typesOf(lettingGo(Number.POSITIVE_INFINITY))).rejects.toMatchObject({ code: 'lease-lost' });
  });
});
