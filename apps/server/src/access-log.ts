import { closeSync, openSync, writeSync } from 'node:fs';
import type { RequestRecord } from '@kw/http';

/** Takes one line for each request. */
export interface AccessLog {
  write(record: RequestRecord): void;
  close(): void;
}

const ownerOnly = 0o600;

/** Writes JSON lines to a file that only its owner reads, or (`-`) to a stream. Paths hold ids of sessions and runs, never what was asked. */
export function createAccessLog(place: string, stream: (text: string) => void, now: () => number = Date.now): AccessLog {
  const file = place === '-' ? undefined : openSync(place, 'a', ownerOnly);
  return {
    write: ({ method, path, route, status, durationMs, principal, traceparent }) => {
      const line = JSON.stringify({
        time: new Date(now()).toISOString(),
        method,
        path: path.slice(0, maxPathCharacters),
        route,
        status,
        ms: Math.round(durationMs * 10) / 10,
        ...(principal !== undefined && { principal: `${principal.issuer}/${principal.subject}` }),
        ...(traceparent !== undefined && { traceparent: traceparent.slice(0, maxTraceCharacters) }),
      });
      if (file === undefined) stream(`${line}\n`);
      else writeSync(file, `${line}\n`);
    },
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
}

const maxPathCharacters = 400;
const maxTraceCharacters = 80;
