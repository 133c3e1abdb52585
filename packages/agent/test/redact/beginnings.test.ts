import { describe, expect, it } from 'vitest';
import { beginningsOf, candidateFinders } from '../../src/redact/beginnings.ts';
import { markSource } from '../../src/redact/marks.ts';
import { pairTrigger } from '../../src/redact/pair-rule.ts';
import { shapeTriggers } from '../../src/redact/shape-rules.ts';
import { randomFrom } from './support.ts';

const patterns = [markSource, pairTrigger, ...shapeTriggers.map(({ pattern }) => pattern)];

describe('beginnings of patterns', () => {
  it.each([
    ['eyJ', ['eyJ']],
    ['A(?:KIA|SIA)', ['AKI', 'ASI']],
    ['gh[pou]_', ['gho', 'ghp', 'ghu']],
    ['-u(?= )|--user(?=[= ])', ['--u', '-u ']],
    ['SG\\.', ['SG.']],
    ['[?&]sig=', ['&si', '?si']],
    ['密码|[Kk]ey', ['Key', 'key', '密码']],
    ['a(?:b|cd(?:e|f))', ['ab', 'acd']],
  ])('of %s are read', (pattern, expected) => {
    expect([...beginningsOf(pattern, 3)].toSorted()).toEqual(expected);
  });

  it('that are too short to be searched for are refused', () => {
    expect(() => candidateFinders(['ab'])).toThrow('"ab" can\'t be searched for');
  });
});

describe('the search for candidates', () => {
  it('misses no match of the shapes, whatever stands around it', () => {
    const random = randomFrom(11);
    const create = candidateFinders(patterns.flatMap((pattern) => [...beginningsOf(pattern, 3)]));
    const whole = new RegExp(patterns.map((pattern) => `(?:${pattern})`).join('|'), 'g');
    const pieces = [
      '[redacted:',
      '[redacted:key]',
      '-u ',
      '--user=',
      '密',
      '码',
      '口令',
      '令牌',
      '密钥',
      'é',
      '\n',
      ' ',
      '=',
      '?sig=',
      '8Q~',
    ];
    pieces.push(...patterns.flatMap((pattern) => [...beginningsOf(pattern, 3), ...beginningsOf(pattern, 40)]));
    const ascii = pieces.filter((piece) => /^[ -~\n]+$/.test(piece));
    for (let round = 0; round < 2_000; round += 1) {
      const find = create();
      const letters = random() < 0.5 ? pieces : ascii;
      let text = '';
      while (text.length < (round % 10 === 0 ? 700 : 200)) {
        const piece = letters[Math.floor(random() * letters.length)] ?? '';
        text += random() < 0.3 ? piece.slice(0, Math.ceil(random() * piece.length)) : piece;
        if (random() < 0.3) text += String.fromCharCode(33 + Math.floor(random() * 94));
      }
      const from = Math.floor(random() * 20);
      const candidates = new Set<number>();
      for (let at = find(text, from); at < text.length; at = find(text, at + 1)) candidates.add(at);
      whole.lastIndex = from;
      for (let match = whole.exec(text); match !== null; match = whole.exec(text)) {
        expect(candidates, `${JSON.stringify(text)} at ${match.index}`).toContain(match.index);
        whole.lastIndex = match.index + 1;
      }
    }
  });
});
