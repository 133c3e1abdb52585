/** What an event of a stream brings. */
export interface ParsedEvent {
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * Takes an event stream in pieces of any size and gives its events as they become whole; linear in what comes.
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream (fields `event` and `retry` are not used here).
 */
export function createEventParser(): (piece: string) => ParsedEvent[] {
  let pending: string[] = []; // pieces of a line that has not ended
  let data: string[] = [];
  let id: string | undefined;
  let afterReturn = false;

  return (piece) => {
    const events: ParsedEvent[] = [];
    const text = afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') afterReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    const rest = lines.pop() ?? '';
    for (const end of lines) {
      const line = pending.join('') + end;
      pending = [];
      if (line === '') {
        if (data.length > 0) events.push({ data: data.join('\n'), id });
        data = [];
        continue;
      }
      const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line) ?? [];
      if (field === 'data') data.push(value ?? '');
      if (field === 'id') id = value;
    }
    if (rest !== '') pending.push(rest);
    return events;
  };
}
