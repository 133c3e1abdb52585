import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Principal } from '@kw/agent';
import { KwError } from '@kw/agent';

/** Whether everything is stopped, and why. */
export interface KillState {
  readonly active: boolean;
  readonly reason?: string;
}

/** Stops everything in every process that looks at the same file. */
export interface KillSwitch {
  /** Looks anew. Where that cannot be told, it counts as on. */
  state(): Promise<KillState>;
  set(active: boolean, options: { readonly by: Principal; readonly reason?: string }): Promise<KillState>;
  /** As it was last seen. */
  lastSeen(): KillState;
  /** Looks every second until the signal is aborted, and calls `onActive` each time that it is on: something may have begun in between. */
  watch(onActive: (state: KillState) => Promise<void>, signal: AbortSignal): Promise<void>;
}

const lookMs = 1_000;
const maxReasonCharacters = 400;

/** A switch that is on while a file is there. */
export function createKillSwitch(path: string): KillSwitch {
  let seen: KillState = { active: false };
  const state = async (): Promise<KillState> => {
    seen = await look(path);
    return seen;
  };
  return {
    state,
    lastSeen: () => seen,
    set: async (active, { by, reason }) => {
      try {
        if (active) {
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await writeFile(path, `${oneLine(reason ?? `switched by ${by.name ?? by.subject}`)}\n`, { mode: 0o600 });
        } else {
          await rm(path, { force: true });
        }
      } catch (cause) {
        throw new KwError('kill-switch-unavailable', `The kill switch ${path} can not be written. Make or remove that file by hand.`, {
          cause,
        });
      }
      return state();
    },
    watch: async (onActive, signal) => {
      while (!signal.aborted) {
        const now = await state();
        if (now.active) await onActive(now);
        await rest(signal);
      }
    },
  };
}

async function look(path: string): Promise<KillState> {
  try {
    const reason = oneLine((await readFile(path, 'utf8')).split('\n')[0] ?? '');
    return { active: true, ...(reason !== '' && { reason }) };
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { active: false };
    return { active: true, reason: 'the kill switch can not be read' };
  }
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, maxReasonCharacters);
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    timer.unref();
    signal.addEventListener('abort', done);
  });
}
