import type { ChatModel, ChatRequest } from '@kw/providers';
import { scriptedModel, type ScriptedTurn } from '@kw/providers/testing';
import { expect } from 'vitest';
import {
  createRuns,
  memorySessionStore,
  type Principal,
  type Runs,
  type RunsOptions,
  type SessionStore,
  type StoredEntry,
  type Tool,
} from '../src/index.ts';
import { readAll } from '../src/log/read-all.ts';

export const alice: Principal = { issuer: 'local', subject: 'alice' };
export const bob: Principal = { issuer: 'local', subject: 'bob' };

/** Runs with short times. */
export function testRuns(model: ChatModel, tools: readonly Tool[], options: Partial<RunsOptions> = {}): Runs {
  return createRuns({
    models: () => model,
    tools,
    settings: { model: { provider: model.provider, id: model.id } },
    store: memorySessionStore(),
    pollMs: 50,
    approvalWaitMs: 20,
    ...options,
  });
}

/** A model that answers by how many tool results the last run's history holds: it goes on rightly in any process. */
export function modelByResults(turns: readonly ScriptedTurn[]): ReturnType<typeof scriptedModel> {
  return scriptedModel((request) => turns[stageOf(request, turns)] ?? { text: 'too far' });
}

function stageOf(request: ChatRequest, turns: readonly ScriptedTurn[]): number {
  let results = request.messages
    .slice(request.messages.findLastIndex((message) => message.role === 'user' && message.origin !== 'program') + 1)
    .filter((message) => message.role === 'tool').length;
  let stage = 0;
  while (results > 0 && stage < turns.length) results -= turns[stage++]?.toolCalls?.length ?? 0;
  return stage;
}

/** What must hold of every log: one end per run, one result per call, at most one start and no result without a call. */
export function checkLog(entries: readonly StoredEntry[]): void {
  const ends = new Map<string, number>();
  const calls = new Map<string, { intents: number; results: number }>();
  const answers = new Map<string, number>();
  for (const [index, { seq, entry }] of entries.entries()) {
    expect(seq).toBe(index + 1);
    if (entry.type === 'run-end') ends.set(entry.runId, (ends.get(entry.runId) ?? 0) + 1);
    if (entry.type === 'assistant-message')
      for (const part of entry.message.content)
        if (part.type === 'tool-call') {
          expect(calls.has(part.id), `call id ${part.id} is new`).toBe(false);
          calls.set(part.id, { intents: 0, results: 0 });
        }
    if (entry.type === 'tool-intent') (calls.get(entry.callId) ?? fail(entry.callId)).intents += 1;
    if (entry.type === 'tool-result') (calls.get(entry.message.callId) ?? fail(entry.message.callId)).results += 1;
    if (entry.type === 'approval-response') answers.set(entry.response.approvalId, (answers.get(entry.response.approvalId) ?? 0) + 1);
  }
  for (const [runId, count] of ends) expect(count, `ends of ${runId}`).toBe(1);
  for (const [id, { intents, results }] of calls) {
    expect(results, `results of ${id}`).toBe(1);
    expect(intents, `intents of ${id}`).toBeLessThanOrEqual(1);
  }
  for (const [id, count] of answers) expect(count, `answers to ${id}`).toBe(1);
}

function fail(id: string): never {
  throw new Error(`${id} is no call of the log`);
}

export function entriesOf(store: SessionStore, session: string): Promise<readonly StoredEntry[]> {
  return readAll(store, session);
}
