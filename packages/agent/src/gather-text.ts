/** A text that grows by pieces. */
export interface GatheredText {
  add(piece: string): void;
  text(): string;
}

/** So many small pieces become one. */
const maxSmall = 8;
/** A piece from here on stays as it is. */
const smallUnits = 1_024;

/** Gathers a text. Small pieces are copied together soon: each would hold on to the text that it was cut from, ten times as long. */
export function gatherText(): GatheredText {
  let whole: string[] = [];
  let small: string[] = [];
  const joinSmall = (): void => {
    if (small.length === 0) return;
    whole.push(small.join(''));
    small = [];
  };
  return {
    add: (piece) => {
      if (piece.length >= smallUnits) joinSmall();
      if (piece.length >= smallUnits) whole.push(piece);
      else if (small.push(piece) >= maxSmall) joinSmall();
    },
    text: () => {
      joinSmall();
      const text = whole.join('');
      whole = [text]; // its pieces are let go
      return text;
    },
  };
}
