/** A piece of an answer's content: what was thought, or the answer itself. */
export interface ContentPiece {
  readonly type: 'text' | 'reasoning';
  readonly text: string;
}

/** Tells thought from answer where a server writes both into the content. */
export interface ThinkingSplitter {
  /** Pieces that are sure; the rest waits for more. */
  push(text: string): readonly ContentPiece[];
  /** What still waited, at the end. */
  end(): readonly ContentPiece[];
}

const opening = '<think>';
const closing = '</think>';

/** Makes a splitter: only content that begins with `<think>` is split, up to the first `</think>`; all other passes unchanged. */
export function createThinkingSplitter(): ThinkingSplitter {
  let state: 'start' | 'thinking' | 'gap' | 'answer' = 'start';
  let waiting = '';

  const step = (): readonly ContentPiece[] => {
    switch (state) {
      case 'start': {
        const begin = waiting.trimStart();
        if (opening.startsWith(begin)) return [];
        state = begin.startsWith(opening) ? 'thinking' : 'answer';
        if (state === 'thinking') waiting = begin.slice(opening.length);
        return step();
      }
      case 'thinking': {
        const end = waiting.indexOf(closing);
        if (end === -1) return take('reasoning', waiting.length - sharedEnd(waiting));
        const thought = take('reasoning', end);
        waiting = waiting.slice(closing.length);
        state = 'gap';
        return [...thought, ...step()];
      }
      case 'gap':
        waiting = waiting.trimStart();
        if (waiting === '') return [];
        state = 'answer';
        return step();
      case 'answer':
        return take('text', waiting.length);
    }
  };
  const take = (type: ContentPiece['type'], length: number): readonly ContentPiece[] => {
    const text = waiting.slice(0, length);
    waiting = waiting.slice(length);
    return text === '' ? [] : [{ type, text }];
  };

  return {
    push: (text) => {
      waiting += text;
      return step();
    },
    end: () => take(state === 'thinking' ? 'reasoning' : 'text', waiting.length),
  };
}

/** How many letters at the end of a text may be the beginning of the closing tag. */
function sharedEnd(text: string): number {
  for (let length = Math.min(closing.length - 1, text.length); length > 0; length--)
    if (closing.startsWith(text.slice(-length))) return length;
  return 0;
}
