import type { JsonObject, Redactor } from '@kw/agent';
import { textOf } from '../json.ts';
import { visible } from './approval-text.ts';
import { redactedResult } from './relay-tools.ts';

/** What a server behind asks of the client. */
export interface Asked {
  readonly method: string;
  readonly params: JsonObject;
  readonly redactor: Redactor;
}

/**
 * What a server behind asks, without secrets. A question to a person has the server's name in front: no server can pass its words off as ours or
 * as another's. The fields that it wishes for stay as they are.
 */
export function relayedQuestion(server: string, { method, params, redactor }: Asked): JsonObject {
  if (method !== 'elicitation/create') return redactedResult(params, redactor);
  const message = visible(redactor.text(textOf(params, 'message') ?? ''));
  return { ...params, message: `MCP server ${JSON.stringify(server)} asks: ${message}` };
}
