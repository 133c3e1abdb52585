import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts';
import { readStream } from './streams.ts';

/** How often, and where, processes are killed. */
export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** An empty directory. */
  readonly directory: string;
  /** Where in a run the kills fall, in milliseconds after the question. */
  readonly spreadMs?: number;
  readonly print?: (line: string) => void;
}

/** What came of it. */
export interface KillReport {
  readonly kills: number;
  /** Runs whose command ran exactly once. */
  readonly once: number;
  /** Runs that were killed inside their command: not repeated, and the model was told. */
  readonly interrupted: number;
  /** Questions that died before they were taken, and were asked again. */
  readonly askedAgain: number;
  /** Runs that lost their driver in the middle and were taken up by another process. */
  readonly orphaned: number;
  /** Times that a stream was taken up at its cursor. */
  readonly resumed: number;
  /** What was promised and not kept; empty. */
  readonly broken: readonly string[];
}

const words = (name: string, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `${name}-${index} `);
const plan = (task: string): readonly string[] => words(`plan-${task}`, 12);
const ending = (task: string): readonly string[] => words(`done-${task}`, 12);

/**
 * Asks for a write over HTTP at one process, kills it with -9 at a random moment, answers at a second one, and reads on from the
 * last cursor at a third one. The second and third live through all kills and find what was left by themselves.
 */
export async function killAtRandom({ kills, seed, directory, spreadMs = 1_500, print = () => {} }: KillOptions): Promise<KillReport> {
  const random = generator(seed);
  const effects = join(directory, 'effects');
  await mkdir(join(directory, 'state'), { recursive: true });
  const model = await startScriptedServer({ script: (request) => turnFor(JSON.stringify(request.body), effects) });
  const replica: ReplicaOptions = { directory, endpoint: model.url };
  const [answerer, reader] = await Promise.all([startReplica(replica), startReplica(replica)]);
  const outcomes: Promise<Outcome>[] = [];
  try {
    let next = startReplica(replica);
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = await next;
      const task = `k${kill}`;
      outcomes.push(follow({ task, victim, answerer, reader, answerAtVictim: random() < 0.5 }));
      if (kill + 1 < kills) next = startReplica(replica);
      await pause(random() * spreadMs);
      await victim.kill();
      print(`${task}: killed`);
    }
    const all = await Promise.all(outcomes);
    const ran = await readFile(effects, 'utf8').catch(() => '');
    return report(all, ran.split('\n'));
  } finally {
    await Promise.all([answerer.kill(), reader.kill()]);
    await model.close();
  }
}

interface Outcome {
  readonly task: string;
  readonly messages: readonly string[];
  readonly outcomes: readonly string[];
  readonly calls: number;
  readonly ends: number;
  readonly askedAgain: number;
  readonly resumed: number;
  readonly orphaned: boolean;
}

interface Scene {
  readonly task: string;
  readonly victim: Replica;
  readonly answerer: Replica;
  readonly reader: Replica;
  readonly answerAtVictim: boolean;
}

async function follow({ task, victim, answerer, reader, answerAtVictim }: Scene): Promise<Outcome> {
  const messages: string[] = [];
  const outcomes: string[] = [];
  let text = '';
  let calls = 0;
  let ends = 0;
  let askedAgain = 0;
  let resumed = 0;
  let orphaned = false;
  let cursor: string | undefined;

  const ask = (at: Replica): Promise<Response> => post(`${at.url}/api/v1/chat/stream`, { query: `task ${task} please`, session_id: task });
  const answer = async (id: string): Promise<void> => {
    const body = { decision: 'approve' };
    const first = answerAtVictim ? await post(`${victim.url}/api/v1/approvals/${id}`, body).catch(() => undefined) : undefined;
    if (first === undefined) await post(`${answerer.url}/api/v1/approvals/${id}`, body);
  };
  const take = async (response: Response): Promise<void> => {
    for await (const { id, data } of readStream(response)) {
      cursor = id;
      if (typeof data['delta'] === 'string') text += data['delta'];
      const { activity, approval } = data as { activity?: { type: string; outcome?: string; because?: string }; approval?: { id: string } };
      if (activity?.type === 'message-discarded') text = '';
      if (activity?.type === 'tool-call') calls += 1;
      if (activity?.type === 'tool-result') outcomes.push(activity.outcome ?? '');
      if (activity?.because === 'orphaned') orphaned = true;
      if (activity?.type === 'turn-end') {
        messages.push(text);
        text = '';
      }
      if (data['done'] === true) ends += 1;
      if (data['status'] === 'awaiting_approval' && approval !== undefined) await answer(approval.id);
    }
  };

  await ask(victim)
    .then(take, () => undefined)
    .catch(() => undefined); // it is killed in here
  for (let attempt = 0; ends === 0 && attempt < 400; attempt += 1) {
    const headers = cursor === undefined ? {} : { 'last-event-id': cursor };
    const response = await fetch(`${reader.url}/api/v1/runs/${task}.1/stream`, { headers });
    if (response.status === 404) {
      askedAgain += 1; // it had not been taken, and nobody had been told that it was
      await take(await ask(answerer));
      continue;
    }
    resumed += 1;
    await take(response);
    if (ends === 0) await pause(50);
  }
  return { task, messages, outcomes, calls, ends, askedAgain, resumed, orphaned };
}

function report(all: readonly Outcome[], effects: readonly string[]): KillReport {
  const broken: string[] = [];
  let once = 0;
  let interrupted = 0;
  for (const { task, messages, outcomes, calls, ends } of all) {
    const ran = effects.filter((line) => line === task).length;
    const wasInterrupted = outcomes.includes('interrupted');
    if (ran > 1) broken.push(`${task}: the command ran ${ran} times`);
    if (ran === 0 && !wasInterrupted) broken.push(`${task}: the command did not run (${outcomes.join(', ')})`);
    if (ends !== 1) broken.push(`${task}: ${ends} ends`);
    if (calls !== 1 || outcomes.length !== 1) broken.push(`${task}: ${calls} calls and ${outcomes.length} results were seen`);
    const expected = [plan(task).join(''), ending(task).join('')];
    if (messages.map((message) => message.trim()).join('|') !== expected.map((message) => message.trim()).join('|')) {
      broken.push(`${task}: a gap or a double in the text: ${JSON.stringify(messages)}`);
    }
    if (wasInterrupted) interrupted += 1;
    else once += 1;
  }
  const sum = (value: (outcome: Outcome) => number): number => all.reduce((total, outcome) => total + value(outcome), 0);
  return {
    kills: all.length,
    once,
    interrupted,
    askedAgain: sum((one) => one.askedAgain),
    orphaned: all.filter((one) => one.orphaned).length,
    resumed: sum((one) => one.resumed),
    broken,
  };
}

// The model plans, calls the tool once, and ends when it has the result.
function turnFor(
  body: string,
  effects: string,
): { readonly text: string[]; readonly delayMs: number; readonly toolCalls?: { readonly name: string; readonly arguments: string }[] } {
  const task = /task (k\d+) please/.exec(body)?.[1] ?? 'k?';
  if (body.includes('"role":"tool"')) return { text: [...ending(task)], delayMs: 15 };
  const command = `sleep 0.3; echo ${task} >> ${effects}`;
  return { text: [...plan(task)], delayMs: 15, toolCalls: [{ name: 'bash', arguments: JSON.stringify({ command }) }] };
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

// mulberry32
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
