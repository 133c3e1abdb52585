/** A line of any length, of which only the ends are held. */
export interface LongLine {
  add(text: string): void;
  /** The line as it is shown: whole, or its ends with the number of characters between them. Begins a new one. */
  take(): { readonly text: string; readonly units: number };
  units(): number;
}

const endUnits = 8192;

/** Holds at most 16 Ki characters of a line. */
export function longLine(): LongLine {
  let head = '';
  let tail = '';
  let units = 0;
  return {
    add: (text) => {
      units += text.length;
      const room = endUnits - head.length;
      if (room > 0) head += text.slice(0, room);
      const rest = room > 0 ? text.slice(room) : text;
      if (rest !== '') tail = rest.length >= endUnits ? rest.slice(-endUnits) : (tail + rest).slice(-endUnits);
    },
    take: () => {
      const line = { text: head + tail, units };
      head = '';
      tail = '';
      units = 0;
      return line;
    },
    units: () => units,
  };
}
