const maxUnits = 2000;
const letter = 1;
const digit = 2;
/** What the first 256 characters are: letters, digits, signs. */
const kinds = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[0-9]/.test(char) ? digit : code > 127 || /[A-Za-z]/.test(char) ? letter : 0;
});

/**
 * A hash of a line's template: words as they are, every word with a digit in it (numbers, times, ids, addresses) as one.
 * Two lines with the same hash differ in their numbers only.
 */
export function templateHash(text: string, from = 0, to: number = text.length): number {
  let hash = 0x811c9dc5 | 0;
  let word = 0;
  let seen = 0;
  const end = Math.min(to, from + maxUnits);
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const kind = code > 255 ? letter : (kinds[code] ?? 0);
    if (kind !== 0) {
      word = (Math.imul(word, 31) + code) | 0;
      seen |= kind;
      // Signs between words of digits are parts of times and addresses.
    } else if (seen < digit || code === 32) {
      hash = Math.imul(hash ^ (seen < digit ? word : 35) ^ (code << 24), 0x01000193);
      word = 0;
      seen = 0;
    }
  }
  return Math.imul(hash ^ (seen < digit ? word : 35), 0x01000193) >>> 0;
}

/** Words that make a line worth showing. */
export const severe: RegExp =
  /\b(?:err(?:or)?s?|fatal|panic(?:ked)?|exception|traceback|crit(?:ical)?|emerg|alert|severe|fail(?:ed|ure|s|ing)?|refused|denied|forbidden|unauthorized|oom|oomkilled|killed|crash(?:ed|loopbackoff)?|evicted|unhealthy|timed? ?out|timeout|unreachable|deadlock|corrupt(?:ed|ion)?|not found|no such|cannot|unable|invalid|x509|segfault|backoff|imagepullbackoff|errimagepull|warn(?:ing)?|5\d\d)\b|错误|失败|异常|拒绝|超时/i;

/** Tells lines of a kind that was not seen before. */
export interface LineNovelty {
  /** Of a text, or of the line that is a part of it. */
  isNovel(text: string, from?: number, to?: number): boolean;
}

const slots = 1 << 16;
const probes = 16;

/**
 * Remembers up to 65,536 templates in 256 KiB. Beyond, lines of new kinds count as novel only where they are severe.
 * For output stores: lines of a stretch that is dropped are worth keeping where they are novel.
 */
export function lineNovelty(): LineNovelty {
  const seen = new Uint32Array(slots);
  return {
    isNovel: (text, from = 0, to = text.length) => {
      const hash = templateHash(text, from, to) || 1;
      for (let probe = 0; probe < probes; probe += 1) {
        const slot = (hash + probe) & (slots - 1);
        if (seen[slot] === hash) return false;
        if (seen[slot] === 0) {
          seen[slot] = hash;
          return true;
        }
      }
      return severe.test(text.slice(from, to));
    },
  };
}
