import type { Message } from '@kw/providers';
import type { Redactor } from '../redact/redactor.ts';

/** Passes what goes to a model through the redactor; each message object once. */
export function createMessageRedactor(redactor: Redactor): (message: Message) => Message {
  const done = new WeakMap<Message, Message>();
  const redacted = (message: Message): Message => {
    if (message.role !== 'assistant') return { ...message, content: redactor.text(message.content) };
    return {
      ...message,
      content: message.content.map((part) =>
        part.type === 'tool-call' ? { ...part, arguments: redactor.text(part.arguments) } : { ...part, text: redactor.text(part.text) },
      ),
    };
  };
  return (message) => {
    const known = done.get(message) ?? redacted(message);
    done.set(message, known);
    return known;
  };
}
