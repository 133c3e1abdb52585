import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The answer of a real control plane to one command. */
export interface RecordedAnswer {
  readonly id: number;
  readonly section: string;
  readonly user: 'admin' | 'jane';
  readonly cmd: string;
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A request that kubectl does not send, and its answer. */
export interface RecordedRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly user?: 'admin' | 'jane' | 'none';
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string;
  readonly type?: string;
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/** All that was recorded, with the files that the commands use. */
export interface Recorded {
  readonly answers: readonly RecordedAnswer[];
  readonly http: readonly RecordedRequest[];
  /** Cases whose answers differ between fresh clusters of the real thing. */
  readonly unstable: readonly { readonly id: number; readonly kind: 'order' | 'different' }[];
  readonly cases: Readonly<Record<string, string>>;
  readonly seed: Readonly<Record<string, string>>;
}

/** Unpacks the recordings. */
export function loadRecorded(): Recorded {
  return JSON.parse(brotliDecompressSync(readFileSync(join(import.meta.dirname, 'recorded.json.br'))).toString());
}
