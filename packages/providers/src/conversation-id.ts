import type { JsonObject, JsonValue } from './json.ts';

// FNV-1a, 32 bits (draft-eastlake-fnv): two of them with different starts make ids that do not meet by chance.
const prime = 0x01000193;
const starts = [0x811c9dc5, 0x050c5d1f];

/** An id of the conversation that a request goes on with: of its messages up to the first of the user, the same on every replica. Pure. */
export function conversationId(body: JsonObject): string {
  const messages: readonly JsonValue[] = Array.isArray(body['messages']) ? body['messages'] : [];
  const first = messages.findIndex(
    (message) => typeof message === 'object' && message !== null && 'role' in message && message.role === 'user',
  );
  const text = JSON.stringify(messages.slice(0, first + 1));
  return starts.map((start) => hash(text, start)).join('');
}

function hash(text: string, start: number): string {
  let value = start;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), prime);
  return (value >>> 0).toString(16).padStart(8, '0');
}
