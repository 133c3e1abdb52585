import { startScriptedServer } from '@kw/providers/testing';
import type { RecordedRequest, ScriptedServer } from '@kw/providers/testing';
import { readdir, readFile } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import type { Place } from './command.ts';

/** What a fault happened in, and what it may leave. */
export interface Aftermath {
  /** The server that the faulty run talked to. */
  readonly model?: ScriptedServer;
  /** Environment of the run. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The question of the run; it must stand in the history when the session is opened again. False: no session was kept. */
  readonly reopens?: string | false;
  /** What was cut off in the middle is taken up first, by `resume`, which ends with this code. */
  readonly resumesWith?: number;
  /** Names of documented files below the folder for temporary ones. */
  readonly files?: readonly string[];
  /** Milliseconds that a process may still take to be gone. */
  readonly goneWithinMs?: number;
}

/**
 * The same check after every fault: no process, socket or temporary file is left, the history that the model was sent
 * is valid, and the session opens again and answers.
 */
export async function expectNothingLeft(
  place: Place,
  { model, env = {}, reopens = false, resumesWith, files = [], goneWithinMs = 2_000 }: Aftermath,
): Promise<void> {
  await vi.waitFor(async () => expect(await processesOf(place)).toEqual([]), { timeout: goneWithinMs });
  if (model !== undefined) {
    await vi.waitFor(async () => expect(await model.connections()).toBe(0), { timeout: goneWithinMs });
    expect(model.answering()).toBe(0);
    for (const chat of model.chats()) expect(historyFaults(chat)).toEqual([]);
  }
  expect(await filesBelow(place.temporary)).toEqual(files);
  if (reopens !== false) await expectOpensAgain(place, { env, question: reopens, resumesWith });
}

/** However large an answer was, the history of the next request has its place in a window of 128,000 tokens. */
const mostHistoryUnits = 1_000_000;

/** The session goes on in a new process: the model gets its valid history and the new question, and its answer is shown. */
async function expectOpensAgain(
  place: Place,
  {
    env,
    question,
    resumesWith,
  }: { readonly env: NonNullable<Aftermath['env']>; readonly question: string; readonly resumesWith: number | undefined },
): Promise<void> {
  const model = await startScriptedServer({ strict: true, fallback: { text: 'Opened again.' } });
  const again = { ...env, ...endpointsOf(model) };
  try {
    if (resumesWith !== undefined) expect(await place.run(['resume'], { env: again })).toMatchObject({ code: resumesWith });
    const { code, stdout, stderr } = await place.run(['--resume-session=latest', 'again'], { env: again });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'Opened again.\n', stderr: expect.not.stringContaining('error:') });
    const last = model.chats().at(-1);
    expect(last?.text).toContain(question);
    expect(last?.text.length).toBeLessThan(mostHistoryUnits);
    if (last !== undefined) expect(historyFaults(last)).toEqual([]);
  } finally {
    await model.close();
  }
}

/** Every known service at one scripted server. */
export function endpointsOf(model: Pick<ScriptedServer, 'url'>): Readonly<Record<string, string>> {
  return { DEEPSEEK_ENDPOINT: model.url, OPENAI_ENDPOINT: model.url, QWEN_ENDPOINT: model.url, VOLCES_ENDPOINT: model.url };
}

/** Processes whose environment names the place: whatever was started in it, in any process group. Ended ones nobody reaps do not count. */
export async function processesOf(place: Place): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(place.home)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command !== '') found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
  }
  return found;
}

/** What is below a folder. The folder of targets stays, empty; so does what Node compiled. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => !/^(?:kw-targets-\d+$|node-compile-cache)/.test(name)).toSorted();
}

/** What is wrong with a history: calls that are not answered at once, or answered twice, or not known. */
export function historyFaults({ body }: RecordedRequest): readonly string[] {
  const messages: readonly unknown[] = Array.isArray(body['messages']) ? body['messages'] : [];
  const faults: string[] = [];
  const seen = new Set<string>();
  let open: readonly string[] = [];
  for (const message of messages) {
    const id = fieldOf(message, 'tool_call_id');
    if (typeof id === 'string') {
      if (!open.includes(id)) faults.push(`${id} is answered, and was not asked`);
      open = open.filter((one) => one !== id);
      continue;
    }
    for (const one of open) faults.push(`${one} is not answered`);
    const calls = fieldOf(message, 'tool_calls');
    open = Array.isArray(calls) ? calls.map((call: unknown) => String(fieldOf(call, 'id'))) : [];
    for (const one of open) {
      if (seen.has(one)) faults.push(`${one} is there twice`);
      seen.add(one);
    }
  }
  return [...faults, ...open.map((one) => `${one} is not answered`)];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
