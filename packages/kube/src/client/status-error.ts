import { KubeError } from '../errors.ts';
import type { KubeErrorCode } from '../errors.ts';
import { quote, toPrintable } from '../text.ts';
import { isRecord } from './object.ts';

/** Whom and what a refused request was for. */
export interface RequestFacts {
  readonly server: string;
  readonly context: string;
  readonly user: string;
  readonly method: string;
  readonly path: string;
}

/** The reasons of metav1.Status that have a code of their own. */
const codeOfReason: ReadonlyMap<string, KubeErrorCode> = new Map<string, KubeErrorCode>([
  ['AlreadyExists', 'already-exists'],
  ['Expired', 'gone'],
  ['Gone', 'gone'],
  ['Invalid', 'invalid'],
  ['Conflict', 'conflict'],
  ['Timeout', 'timeout'],
  ['ServerTimeout', 'timeout'],
  ['ServiceUnavailable', 'unavailable'],
]);

const codeOfStatus: ReadonlyMap<number, KubeErrorCode> = new Map<number, KubeErrorCode>([
  [400, 'bad-request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [408, 'timeout'],
  [409, 'conflict'],
  [410, 'gone'],
  [413, 'too-large'],
  [415, 'unsupported-media-type'],
  [422, 'invalid'],
  [429, 'too-many-requests'],
  [503, 'unavailable'],
  [504, 'timeout'],
]);

/** The error for an answer that is not a success: the message of its Status, or what came instead of one. */
export function toStatusError(status: number, text: string, facts: RequestFacts): KubeError {
  const { server, context, method, path } = facts;
  const answer = parse(text);
  const isStatus = isRecord(answer) && answer['kind'] === 'Status';
  const reason = isStatus && typeof answer['reason'] === 'string' ? answer['reason'] : '';
  const message = isStatus && typeof answer['message'] === 'string' ? answer['message'] : '';
  const code = codeOfReason.get(reason) ?? codeOfStatus.get(status) ?? (status >= 500 ? 'server-error' : 'bad-answer');
  const details = { server, context, method, path, status, ...(reason !== '' && { reason: toPrintable(reason, 60) }) };
  return new KubeError(code, describe({ status, code, message, text, facts }), { details: { ...details, ...continueToken(answer) } });
}

/** The error for a Status that came inside a watch. */
export function toWatchError(object: unknown, facts: RequestFacts): KubeError {
  const status = isRecord(object) && typeof object['code'] === 'number' ? object['code'] : 500;
  return toStatusError(status, JSON.stringify(object), facts);
}

function describe(from: {
  readonly status: number;
  readonly code: KubeErrorCode;
  readonly message: string;
  readonly text: string;
  readonly facts: RequestFacts;
}): string {
  const { status, code, text, facts } = from;
  const message = toPrintable(from.message.replace(/\s*\n\s*/g, ' '), 2_000);
  const server = quote(facts.server, 200);
  if (code === 'unauthorized') {
    const said = message === '' || message === 'Unauthorized' ? '' : ` (${message})`;
    return `The API server ${server} does not accept the credentials of user ${quote(facts.user)} of context ${quote(facts.context)}${said}. They may have expired: log in again.`;
  }
  if (message !== '') return message;
  if (status >= 300 && status < 400)
    return `${server} answered with a redirect (${status}), which a Kubernetes API server does not do: check the server's address.`;
  const said = text.trim() === '' ? 'nothing' : quote(text.trim().replace(/\s+/g, ' '), 200);
  return `${server} answered ${status} to ${facts.method} ${toPrintable(facts.path, 200)} without a Kubernetes Status; it said ${said}.`;
}

// A list whose continue token expired may be gone on with: the token for that stands in the Status.
function continueToken(answer: unknown): { readonly continue?: string } {
  const metadata = isRecord(answer) && isRecord(answer['metadata']) ? answer['metadata'] : {};
  return typeof metadata['continue'] === 'string' && metadata['continue'] !== '' ? { continue: metadata['continue'] } : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
