/*
 * Tokens by class of characters, each rather too many than too few for the usual vocabularies: a word is one token up to
 * 6 letters and one more for each 4; digits are cut into threes or less, never take the blank before them, and break words.
 */
const perMoreDigit = 0.5;
const perCapital = 0.5;
const perMixture = 0.4;
const perHan = 1.1;
const perOther = 1;
const perNextSign = 0.6;
const wordUnits = 6;
const wordStep = 4;
const blanksPerToken = 16;
const repeatsPerToken = 4;
/** Long texts are measured in parts, so that a request's size is known in milliseconds. */
const exactUnits = 200_000;
const sampleUnits = 2_000;

/** A careful guess of a text's tokens: rather too many than too few. Texts over 200,000 characters are measured by samples. */
export function estimateTokens(text: string): number {
  if (text.length <= exactUnits) return Math.ceil(measure(text, 0, text.length));
  const samples = exactUnits / sampleUnits;
  const step = text.length / samples;
  let tokens = 0;
  for (let index = 0; index < samples; index += 1) {
    const from = Math.floor(index * step);
    tokens += measure(text, from, Math.min(text.length, from + sampleUnits));
  }
  return Math.ceil((tokens / exactUnits) * text.length * 1.05);
}

function measure(text: string, from: number, to: number): number {
  let tokens = 0;
  let word = 0;
  let run = 0;
  let last: Kind = 'sign';
  let lastCode = 0;
  const endWord = (): void => {
    if (word > 0) tokens += 1 + Math.max(0, Math.ceil((word - wordUnits) / wordStep));
    word = 0;
  };
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    const kind = kindOf(code);
    if (kind !== 'letter' || (word > 0 && code < 97 && lastCode >= 97)) endWord();
    run = kind === last && (kind === 'digit' || code === lastCode) ? run + 1 : 0;
    switch (kind) {
      case 'letter':
        if (word > 0 && code < 97) tokens += perCapital;
        if (last === 'digit') tokens += perMixture;
        word += 1;
        break;
      case 'blank':
        // One blank before a word belongs to it.
        if (code !== 32 ? run % blanksPerToken === 0 : run % blanksPerToken === 1) tokens += 1;
        break;
      case 'digit':
        if (run === 0) tokens += lastCode === 32 ? 1.6 : 1;
        else tokens += perMoreDigit;
        break;
      case 'sign':
        if (run % repeatsPerToken === 0) tokens += last === 'sign' && run === 0 ? perNextSign : 1;
        break;
      case 'other':
        tokens += isHan(code) ? perHan : code >= 0xd800 && code <= 0xdfff ? 1.5 : perOther;
        break;
    }
    last = kind;
    lastCode = code;
  }
  endWord();
  return tokens;
}

type Kind = 'letter' | 'blank' | 'digit' | 'sign' | 'other';

function kindOf(code: number): Kind {
  if ((code | 32) >= 97 && (code | 32) <= 122) return 'letter';
  if (code === 32 || (code >= 9 && code <= 13)) return 'blank';
  if (code >= 48 && code <= 57) return 'digit';
  return code < 128 ? 'sign' : 'other';
}

function isHan(code: number): boolean {
  return (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7af) || (code >= 0xff00 && code <= 0xffef);
}
