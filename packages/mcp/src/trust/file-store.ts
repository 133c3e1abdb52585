import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JsonObject, JsonValue } from '@kw/agent';
import { KwError } from '@kw/agent';
import { isRecord, jsonObject, wordsOf } from '../json.ts';
import type { TrustRecord, TrustStore } from './trust.ts';

/** A file of named JSON values, private to its user. */
export interface PrivateFile {
  get(key: string): Promise<JsonValue | undefined>;
  /** Undefined takes the value away. */
  set(key: string, value: JsonValue | undefined): Promise<void>;
}

/** Opens a file of mode 0600 in a directory of mode 0700; it is written whole, by rename, one change after the other. */
export function privateFile(path: string): PrivateFile {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<JsonObject> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw new KwError('mcp-state', `${path} cannot be read: ${wordsOf(error)}`, { cause: error });
    }
    try {
      return jsonObject(JSON.parse(text));
    } catch (error) {
      throw new KwError('mcp-state', `${path} is no JSON; take it away, and servers are asked about anew`, { cause: error });
    }
  };
  const write = async (key: string, value: JsonValue | undefined): Promise<void> => {
    const members = Object.entries(await read()).filter(([name]) => name !== key);
    const next = Object.fromEntries(value === undefined ? members : [...members, [key, value]]);
    const temporary = `${path}.${process.pid}.${crypto.randomUUID()}`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(temporary, `${JSON.stringify(next, undefined, 2)}\n`, { mode: 0o600 });
    await chmod(temporary, 0o600);
    await rename(temporary, path);
  };
  return {
    get: async (key) => {
      await last.catch(() => undefined); // told to whoever wrote
      return new Map(Object.entries(await read())).get(key);
    },
    set: (key, value) => {
      const written = last.catch(() => undefined).then(() => write(key, value));
      last = written;
      return written;
    },
  };
}

/** Remembers servers in a private file. */
export function fileTrustStore(path: string): TrustStore {
  const file = privateFile(path);
  return {
    get: async (key) => toRecord(await file.get(key)),
    set: (key, { identity, tools }) => file.set(key, { identity, ...(tools === undefined ? {} : { tools: { ...tools } }) }),
  };
}

function toRecord(value: JsonValue | undefined): TrustRecord | undefined {
  if (!isRecord(value) || typeof value['identity'] !== 'string') return undefined;
  const { identity, tools } = value;
  if (!isRecord(tools)) return { identity };
  return {
    identity,
    tools: Object.fromEntries(Object.entries(tools).filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
  };
}
