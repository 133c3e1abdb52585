import { parse } from 'yaml';
import type { Json, JsonMap } from '../../json.ts';
import { asList, asMap, asText, isMap, written } from '../../json.ts';
import { parseQuantity } from '../../schema/quantity.ts';

/** When a rule holds; every part that is given must. */
export interface When {
  /** Environment variables by glob (`*` stands for anything). */
  readonly env: ReadonlyMap<string, string>;
  /** The container's memory limit is lower than this, in bytes. */
  readonly memoryLimitBelow: number | undefined;
  /** Paths of HTTP probes by glob, under `readiness`, `liveness` or `startup`. */
  readonly probe: ReadonlyMap<string, string>;
  /** Services of the namespace: whether they must have a ready endpoint. */
  readonly endpoints: ReadonlyMap<string, boolean>;
}

/** Lines that a container writes again and again while it runs. */
interface Repeat {
  readonly everyMs: number;
  readonly lines: readonly string[];
  readonly when: When;
}

/** How a container ends by itself. */
interface Exit {
  readonly afterMs: number;
  readonly code: number;
  readonly reason: string;
}

/** What a container of an image does. */
export interface Behaviour {
  /** A glob over the image's name. */
  readonly image: string;
  readonly when: When;
  /** The image is not in its registry. */
  readonly missing: boolean;
  /** How long it takes until the program listens. */
  readonly startupMs: number;
  readonly log: readonly string[];
  readonly repeat: readonly Repeat[];
  readonly exit: Exit | undefined;
  /** The paths served by port; undefined: every path of every port answers. */
  readonly serves: ReadonlyMap<number, readonly string[]> | undefined;
  readonly cpuNanocores: number;
  readonly memoryBytes: number;
}

/** Nothing is asked. */
const always: When = { env: new Map(), memoryLimitBelow: undefined, probe: new Map(), endpoints: new Map() };

/** An image that nobody declared: it starts, answers every probe and stays. */
export const plainBehaviour: Behaviour = {
  image: '*',
  when: always,
  missing: false,
  startupMs: 200,
  log: [],
  repeat: [],
  exit: undefined,
  serves: undefined,
  cpuNanocores: 5_000_000,
  memoryBytes: 24 * 1024 ** 2,
};

function fail(at: string, problem: string): never {
  throw new Error(`behaviours: ${at}: ${problem}`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function duration(value: Json | undefined, at: string): number {
  const match = asText(value).match(/^(\d+(?:\.\d+)?)(ms|s|m|h)$/);
  return match
    ? Number(match[1]) * (units[match[2] ?? 's'] ?? 1000)
    : fail(at, `${JSON.stringify(value ?? null)} is no duration; write 300ms, 5s, 2m or 1h`);
}

function quantity(value: Json | undefined, at: string): number {
  const nanos = parseQuantity(typeof value === 'number' ? String(value) : asText(value));
  return nanos === undefined ? fail(at, `${JSON.stringify(value ?? null)} is no quantity; write 64Mi or 250m`) : Number(nanos) / 1e9;
}

function known(map: JsonMap, keys: readonly string[], at: string): void {
  for (const key of Object.keys(map)) if (!keys.includes(key)) fail(at, `unknown field ${key}; known are ${keys.join(', ')}`);
}

function globs(value: Json | undefined): Map<string, string> {
  return new Map(Object.entries(asMap(value)).map(([key, glob]) => [key, written(glob)]));
}

function lines(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.map(String);
  const text = asText(value);
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function readWhen(value: Json | undefined, at: string): When {
  if (value === undefined) return always;
  const map = isMap(value) ? value : fail(at, 'must be a map');
  known(map, ['env', 'memoryLimitBelow', 'probe', 'endpoints'], at);
  const endpoints = new Map(
    Object.entries(asMap(map.endpoints)).map(([service, wanted]) => [
      service,
      wanted === 'some' || (wanted !== 'none' && fail(`${at}.endpoints.${service}`, 'must be some or none')),
    ]),
  );
  return {
    env: globs(map.env),
    memoryLimitBelow: map.memoryLimitBelow === undefined ? undefined : quantity(map.memoryLimitBelow, `${at}.memoryLimitBelow`),
    probe: globs(map.probe),
    endpoints,
  };
}

function readExit(value: Json | undefined, at: string): Exit | undefined {
  if (value === undefined) return undefined;
  const map = isMap(value) ? value : fail(at, 'must be a map');
  known(map, ['after', 'code', 'reason'], at);
  const code = typeof map.code === 'number' ? map.code : fail(`${at}.code`, 'must be a number');
  return { afterMs: duration(map.after, `${at}.after`), code, reason: asText(map.reason) || (code === 0 ? 'Completed' : 'Error') };
}

function readRule(value: Json, at: string): Behaviour {
  const map = isMap(value) ? value : fail(at, 'must be a map');
  known(map, ['image', 'when', 'missing', 'startup', 'log', 'repeat', 'exit', 'serves', 'usage'], at);
  const image = asText(map.image) || fail(`${at}.image`, 'is needed');
  const usage = asMap(map.usage);
  known(usage, ['cpu', 'memory'], `${at}.usage`);
  return {
    image,
    when: readWhen(map.when, `${at}.when`),
    missing: map.missing === true,
    startupMs: map.startup === undefined ? plainBehaviour.startupMs : duration(map.startup, `${at}.startup`),
    log: lines(map.log),
    repeat: asList(map.repeat).map((each, index): Repeat => {
      const here = `${at}.repeat[${index}]`;
      const entry = isMap(each) ? each : fail(here, 'must be a map');
      known(entry, ['every', 'log', 'when'], here);
      return { everyMs: duration(entry.every, `${here}.every`), lines: lines(entry.log), when: readWhen(entry.when, `${here}.when`) };
    }),
    exit: readExit(map.exit, `${at}.exit`),
    serves:
      map.serves === undefined
        ? undefined
        : new Map(Object.entries(asMap(map.serves)).map(([port, paths]) => [Number(port), asList(paths).map(asText)])),
    cpuNanocores: usage.cpu === undefined ? plainBehaviour.cpuNanocores : quantity(usage.cpu, `${at}.usage.cpu`) * 1e9,
    memoryBytes: usage.memory === undefined ? plainBehaviour.memoryBytes : quantity(usage.memory, `${at}.usage.memory`),
  };
}

/** The rules of a behaviours file: `behaviours:` with a list; the first that matches a container decides. Throws an Error that names the place. */
export function parseBehaviours(yaml: string): Behaviour[] {
  const document: Json = parse(yaml);
  const map = isMap(document) ? document : fail('file', 'must be a map with the key behaviours');
  known(map, ['behaviours'], 'file');
  return asList(map.behaviours).map((rule, index) => readRule(rule, `behaviours[${index}]`));
}
