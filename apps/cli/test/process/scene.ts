import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer, ScriptedServerOptions, ServerCall, ServerTurn } from '@kw/providers/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { endpointsOf, expectNothingLeft } from './aftermath.ts';
import type { Aftermath } from './aftermath.ts';
import { createPlace } from './command.ts';
import type { Ended, Place, StartOptions } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

/** An event as `--output jsonl` prints it. */
export interface PrintedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** How a question ended. */
export interface Asked extends Ended {
  readonly events: readonly PrintedEvent[];
  /** The outcome of the one final event. */
  readonly outcome: Readonly<Record<string, unknown>>;
  readonly ms: number;
}

/** One question. */
export interface Question {
  readonly flags?: readonly string[];
  readonly env?: StartOptions['env'];
}

/** A place with a kubectl that notes what it runs, and a scripted model. */
export interface Scene {
  readonly place: Place;
  readonly model: ScriptedServer;
  readonly env: Readonly<Record<string, string>>;
  /** Asks one question with `--output jsonl`, and proves that exactly one final event came, at the end. */
  readonly ask: (turns: readonly ServerTurn[], question?: Question) => Promise<Asked>;
  /** The same as people see it. */
  readonly say: (turns: readonly ServerTurn[], question?: Question) => Promise<Ended>;
  /** The verbs and names that kubectl was run with, without what only looked ahead. */
  readonly ran: () => Promise<readonly string[]>;
  /** The lines of a file in the home that a program wrote; none where it is not there. */
  readonly notes: (file: string) => Promise<readonly string[]>;
  /** The messages of the last request, as JSON. */
  readonly told: () => string;
  readonly expectNothingLeft: (aftermath?: Aftermath) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The question of every run of a scene. */
export const question = 'what is wrong?';

const kubectl = '#!/bin/sh\necho "$@" >> "$HOME/ran"\necho "result of $2"\n';

/** Opens a scene. */
export async function openScene(options: ScriptedServerOptions & { readonly kubectl?: string } = {}): Promise<Scene> {
  const model = await startScriptedServer({ strict: true, ...options });
  const place = await createPlace({
    ...endpointsOf(model),
    DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
    OPENAI_API_KEY: 'sk-openai-0123456789abcdef',
  });
  const env = { PATH: await putOnPath(place, 'kubectl', options.kubectl ?? kubectl), KUBECONFIG: await kubeconfigOf(place) };
  const say: Scene['say'] = (turns, { flags = [], env: more = {} } = {}) => {
    model.enqueue(...turns);
    return place.run([...flags, question], { env: { ...env, ...more } });
  };
  const notes: Scene['notes'] = async (file) => {
    const text = await readFile(join(place.home, file), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  return {
    place,
    model,
    env,
    say,
    notes,
    ask: async (turns, { flags = [], ...rest } = {}) => {
      const at = performance.now();
      const ended = await say(turns, { ...rest, flags: ['--output=jsonl', ...flags] });
      return { ...ended, ...readEvents(ended.stdout), ms: performance.now() - at };
    },
    ran: async () =>
      (await notes('ran')).flatMap((line) =>
        line.includes('--dry-run') ? [] : (/\b(?:get|delete|describe|scale|logs) [\w-]+/.exec(line)?.[0] ?? []),
      ),
    told: () => JSON.stringify(model.chats().at(-1)?.body['messages']),
    expectNothingLeft: (aftermath = {}) => expectNothingLeft(place, { model, env, reopens: question, ...aftermath }),
    close: async () => {
      await place.remove();
      await model.close();
    },
  };
}

/** Opens a scene, acts in it and closes it. */
export async function inScene(act: (scene: Scene) => Promise<void>, options: Parameters<typeof openScene>[0] = {}): Promise<void> {
  const scene = await openScene(options);
  try {
    await act(scene);
  } finally {
    await scene.close();
  }
}

/** The printed events; fails where there is not exactly one final one, at the end. */
export function readEvents(stdout: string): Pick<Asked, 'events' | 'outcome'> {
  const events = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): PrintedEvent => JSON.parse(line));
  expect(events.filter(({ type }) => type === 'run-end')).toHaveLength(1);
  const last = events.at(-1);
  expect(last?.type).toBe('run-end');
  const outcome = last?.['outcome'];
  return { events, outcome: typeof outcome === 'object' && outcome !== null ? { ...outcome } : {} };
}

/** The text that a reader of the events was shown, without what was said to be void. */
export function textOf(events: readonly PrintedEvent[]): string {
  return events.reduce(
    (text, event) => (event.type === 'message-discarded' ? '' : event.type === 'text-delta' ? text + String(event['text']) : text),
    '',
  );
}

/** A call of kubectl. */
export function call(command: string, more: Partial<ServerCall> = {}): ServerCall {
  return { name: 'kubectl', arguments: { command: `kubectl ${command}` }, ...more };
}
