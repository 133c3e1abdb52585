import type { Approve, JsonObject } from '@kw/agent';
import { isRecord, textOf } from '../json.ts';
import { approvalText } from './approval-text.ts';
import type { RequestScope } from './rpc.ts';

/** How long a person may take, in milliseconds; the approval itself expires before. */
const personMs = 660_000;

/** More than a person can look through; a client may show the beginning only. */
const readable = { units: 32_000, lines: 1_000 };

/** Whether a client can be asked with a form. */
export function canElicit(capabilities: JsonObject): boolean {
  const { elicitation } = capabilities;
  return isRecord(elicitation) && ('form' in elicitation || !('url' in elicitation));
}

/** Asks the person behind the client. Only an accepted form is a yes. */
export function approveByElicitation(scope: RequestScope): Approve {
  return async (request, { signal }) => {
    const message = approvalText(request);
    if (message.length > readable.units || message.split('\n').length > readable.lines)
      return { decision: 'deny', reason: 'it is too long to be shown to a person whole; make it shorter, or several calls' };
    const answer = await scope.ask(
      'elicitation/create',
      { message, requestedSchema: { type: 'object', properties: {} } },
      { signal, timeoutMs: personMs },
    );
    const { content } = answer;
    const saidNo = isRecord(content) && Object.values(content).includes(false);
    if (textOf(answer, 'action') === 'accept' && !saidNo) return true;
    return { decision: 'deny', reason: textOf(answer, 'action') === 'cancel' ? 'the user closed the question' : 'the user declined it' };
  };
}
