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

interface Tag {
  readonly opening: string;
  readonly closing: string;
  /** One block follows another: Bedrock wraps each piece of a thought. */
  readonly again: boolean;
}

const tags: readonly Tag[] = [
  { opening: '<think>', closing: '</think>', again: false },
  { opening: '<reasoning>', closing: '</reasoning>', again: true },
];

/** Makes a splitter: only content that begins with a tag of thoughts is split, up to its end; all other passes unchanged. */
export function createThinkingSplitter(): ThinkingSplitter {
  let state: 'start' | 'thinking' | 'gap' | 'answer' = 'start';
  let tag: Tag | undefined;
  let waiting = '';

  const step = (): readonly ContentPiece[] => {
    switch (state) {
      case 'start':
      case 'gap': {
        const begin = waiting.trimStart();
        const possible = state === 'start' ? tags : tags.filter((one) => one === tag && one.again);
        if (begin === '' || possible.some(({ opening }) => begin.length < opening.length && opening.startsWith(begin))) return [];
        const found = possible.find(({ opening }) => begin.startsWith(opening));
        if (found !== undefined) waiting = begin.slice(found.opening.length);
        else if (state === 'gap') waiting = begin;
        tag = found ?? tag;
        state = found === undefined ? 'answer' : 'thinking';
        return step();
      }
      case 'thinking': {
        const { closing = '' } = tag ?? {};
        const end = waiting.indexOf(closing);
        if (end === -1) return take('reasoning', waiting.length - sharedEnd(waiting, closing));
        const thought = take('reasoning', end);
        waiting = waiting.slice(closing.length);
        state = 'gap';
        return [...thought, ...step()];
      }
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
    end: () => take(state === 'thinking' ? 'reasoning' : 'text', state === 'gap' && waiting.trim() === '' ? 0 : waiting.length),
  };
}

/** How many letters at the end of a text may be the beginning of the closing tag. */
function sharedEnd(text: string, closing: string): number {
  for (let length = Math.min(closing.length - 1, text.length); length > 0; length--)
    if (closing.startsWith(text.slice(-length))) return length;
  return 0;
}
