import type { ClientCertificate } from '../credentials/types.ts';
import type { KubeHost } from '../host.ts';
import type { Connection } from '../kubeconfig/connection.ts';

/** One HTTP request on its way. */
export interface TransportRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Names in lower case; a list is sent as repeated headers. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  readonly certificate?: ClientCertificate;
  /** Until the headers of the answer. */
  readonly headerTimeoutMs: number;
  /** Between two pieces of the body. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** The answer: its body comes as it is read, already decompressed; leaving the iteration closes it. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The way to an API server: one request, one answer, whatever its status. */
export interface KubeTransport {
  /** Throws KubeError `unreachable`, `timeout`, `tls` or `proxy`, or the signal's reason. */
  send(request: TransportRequest): Promise<TransportResponse>;
  close(): void | Promise<void>;
}

/** Makes the transport of a connection. */
export type TransportFactory = (connection: Connection, host: KubeHost) => KubeTransport;
