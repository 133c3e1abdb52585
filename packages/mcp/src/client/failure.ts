import { KwError } from '@kw/agent';
import { isRecord, wordsOf } from '../json.ts';

/** What a failed request means for its connection. */
export type FailureKind =
  /** The server answered with an error: the connection is well. */
  | 'answered'
  /** The server does not know the session any more: nothing ran, and a new session may be asked. */
  | 'session-gone'
  /** The connection is of no use any more. */
  | 'broken'
  | 'login-needed'
  | 'timeout'
  | 'other';

/** An answer that broke off may have come from a call that took effect. */
export const brokenOff = 'the connection ended before the answer';

const connectionClosed = -32_000;
const requestTimeout = -32_001;

/** Tells what went wrong. */
export function failureKind(error: unknown): FailureKind {
  const code: unknown = isRecord(error) ? error['code'] : undefined;
  const words = wordsOf(error);
  if (error instanceof Error && (error.name === 'UnauthorizedError' || error.constructor.name === 'UnauthorizedError'))
    return 'login-needed';
  if (code === 401 || code === 'mcp-login-needed') return 'login-needed';
  if (code === 404 || (code === 400 && /session/i.test(words))) return 'session-gone';
  if (code === connectionClosed && /connection closed/i.test(words)) return 'broken';
  if (code === requestTimeout && /timed out|timeout/i.test(words)) return 'timeout';
  if (words === brokenOff || /it is not running|Not connected|fetch failed|ECONN|EPIPE|socket/i.test(words)) return 'broken';
  return typeof code === 'number' && code <= -32_000 ? 'answered' : 'other';
}

/** A failure for people and models: names the server and the way out. */
export function upstreamError(name: string, error: unknown, hint = ''): KwError {
  const kind = failureKind(error);
  const words = wordsOf(error).replace(/^MCP error -?\d+: /, '');
  const way =
    kind === 'login-needed'
      ? `; sign in with: kubelet-wuhrai mcp login ${name}`
      : kind === 'timeout'
        ? '; a longer `timeout` can be set in mcp.yaml'
        : /fetch failed.*certificate/i.test(words)
          ? '; for an authority of your own set NODE_EXTRA_CA_CERTS=/path/ca.pem, or `skip-verify-ssl: true` for this server in mcp.yaml'
          : '';
  return new KwError('mcp-failed', `MCP server ${JSON.stringify(name)}: ${words}${hint === '' ? '' : ` (${hint})`}${way}`, {
    cause: error,
  });
}

/** Whether a server may be one from before Streamable HTTP: it knows the address, but not the way in. */
export function mayBeOlder(error: unknown): boolean {
  const code: unknown = isRecord(error) ? error['code'] : undefined;
  return code === 400 || code === 404 || code === 405;
}
