import { appendFile, mkdir, open, readdir, rm } from 'node:fs/promises';
import type { Principal, RunCost, Usage } from '@kw/agent';
import { isRecord } from '../config/value.ts';

/** What a user has used in a day. */
export interface Spent {
  readonly tokens: number;
  /** By currency. */
  readonly money: ReadonlyMap<string, number>;
}

/** What users used, by day (UTC), in files that all processes of this machine add to and that outlive them. */
export interface Spending {
  add(by: Principal, used: { readonly usage?: Usage; readonly cost?: RunCost }): Promise<void>;
  /** Today's. */
  of(by: Principal): Promise<Spent>;
  /** Milliseconds until the next day. */
  untilTomorrow(): number;
}

interface Day {
  readonly name: string;
  readonly people: Map<string, { tokens: number; readonly money: Map<string, number> }>;
  /** Bytes of the file that were read. */
  read: number;
  rest: string;
}

const dayMs = 86_400_000;
const keptDays = 40;
const pieceBytes = 1_048_576;

/** Makes the ledger in a directory; a line is one model request. */
export function createSpending(directory: string, now: () => number = Date.now): Spending {
  let day: Day | undefined;
  let busy: Promise<unknown> = Promise.resolve();

  const today = (): Day => {
    const name = new Date(now()).toISOString().slice(0, 10);
    if (day?.name !== name) day = { name, people: new Map(), read: 0, rest: '' };
    return day;
  };
  const pathOf = ({ name }: Day): string => `${directory}/${name}.jsonl`;

  const catchUp = async (): Promise<Day> => {
    const current = today();
    const file = await open(pathOf(current), 'r').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return current;
    try {
      const buffer = Buffer.alloc(pieceBytes);
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, pieceBytes, current.read);
        if (bytesRead === 0) return current;
        current.read += bytesRead;
        const lines = `${current.rest}${buffer.toString('latin1', 0, bytesRead)}`.split('\n');
        current.rest = lines.pop() ?? '';
        for (const line of lines) count(current, line);
      }
    } finally {
      await file.close();
    }
  };
  /** One after the other: each byte is read once. */
  const exclusive = <T>(act: () => Promise<T>): Promise<T> => {
    const next = busy.then(act, act);
    busy = next.catch(() => undefined);
    return next;
  };

  return {
    add: (by, { usage, cost }) =>
      exclusive(async () => {
        const tokens = usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
        if (tokens === 0 && cost === undefined) return;
        const current = today();
        const line = JSON.stringify({
          who: whoOf(by),
          tokens,
          ...(cost !== undefined && { amount: cost.amount, currency: cost.currency }),
        });
        try {
          await mkdir(directory, { recursive: true, mode: 0o700 });
          if (current.read === 0) await sweep(directory, now());
          await appendFile(pathOf(current), `\n${line}\n`, { mode: 0o600 }); // the line before may have been cut
        } catch (error) {
          count(current, line); // at least as long as this process lives
          throw error;
        }
      }),
    of: (by) =>
      exclusive(async () => {
        const found = (await catchUp()).people.get(whoOf(by));
        return { tokens: found?.tokens ?? 0, money: new Map(found?.money) };
      }),
    untilTomorrow: () => dayMs - (now() % dayMs),
  };
}

/** In ASCII, so that a piece of the file may end anywhere. */
function whoOf({ issuer, subject }: Principal): string {
  return encodeURIComponent(JSON.stringify([issuer, subject]));
}

function count({ people }: Day, line: string): void {
  const record = parse(line);
  if (record === undefined) return;
  const { who, tokens, amount, currency } = record;
  if (typeof who !== 'string') return;
  const person = people.get(who) ?? { tokens: 0, money: new Map<string, number>() };
  people.set(who, person);
  if (typeof tokens === 'number') person.tokens += tokens;
  if (typeof amount === 'number' && typeof currency === 'string') person.money.set(currency, (person.money.get(currency) ?? 0) + amount);
}

/** Undefined for a line that was cut by a crash. */
function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function sweep(directory: string, now: number): Promise<void> {
  const oldest = new Date(now - keptDays * dayMs).toISOString().slice(0, 10);
  for (const name of await readdir(directory)) {
    const date = /^(\d{4}-\d\d-\d\d)\.jsonl$/.exec(name)?.[1];
    if (date !== undefined && date < oldest) await rm(`${directory}/${name}`, { force: true });
  }
}
