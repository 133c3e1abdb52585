import { describe, expect, it } from 'vitest';
import { judgeShell } from '../../src/bash/judge-shell.ts';
import { maxCommandLength } from '../../src/effects/guard.ts';
import { judgeKubectl } from '../../src/kubectl/judge-kubectl.ts';
import { parseKubectl } from '../../src/kubectl/parse-kubectl.ts';
import { readCorpus } from './corpus.ts';

/** A small generator with a fixed seed, so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const effects = ['read', 'write', 'dangerous', 'unknown'];
const pieces = [
  'kubectl',
  'get',
  'delete',
  'pods',
  '-n',
  '--',
  '$(',
  ')',
  '`',
  '"',
  "'",
  '\\',
  '|',
  ';',
  '&&',
  '{',
  '}',
  '[[',
  ']]',
  '((',
  '<<X',
  '>',
  '<(',
  '${',
  '$x',
  '*',
  '#',
  '!',
  '\n',
  ' ',
  '=',
  ',',
  'for',
  'do',
  'done',
  'case',
  'esac',
  'in',
  'if',
  'fi',
  'X',
  '\u0000',
  '\ud800',
  '\u202e',
  '\u{1f600}',
];

describe('guarding', () => {
  it('never throws on random bytes, and always gives an effect with a reason', () => {
    const next = random(20_261_125);
    for (let round = 0; round < 3_000; round += 1) {
      const length = Math.floor(next() * 60);
      const text = Array.from({ length }, () => String.fromCharCode(Math.floor(next() * (round % 2 === 0 ? 128 : 65_536)))).join('');
      for (const judgement of [judgeKubectl(text), judgeShell(text), judgeKubectl(text.split(' '))]) {
        expect(effects).toContain(judgement.effect);
        expect(judgement.reasons.length).toBeGreaterThan(0);
      }
      expect(() => parseKubectl(text)).not.toThrow();
    }
  });

  it('never throws on shell syntax put together at random', () => {
    const next = random(7);
    for (let round = 0; round < 5_000; round += 1) {
      const text = Array.from({ length: Math.floor(next() * 25) }, () => pieces[Math.floor(next() * pieces.length)]).join(
        next() < 0.5 ? ' ' : '',
      );
      expect(effects).toContain(judgeKubectl(text).effect);
      expect(effects).toContain(judgeShell(text).effect);
    }
  });

  it('never calls a command better when a delete of a namespace is put behind it', () => {
    const better = readCorpus('shell').filter(({ command }) =>
      ['read', 'write'].includes(judgeShell(`${command}\nkubectl delete ns x`).effect),
    );
    expect(better).toEqual([]);
  });

  it('calls commands longer than 64 kB unknown', () => {
    const long = `kubectl get pods ${'x'.repeat(maxCommandLength)}`;
    expect(judgeKubectl(long).effect).toBe('unknown');
    expect(judgeShell(long).effect).toBe('unknown');
    expect(judgeKubectl(long).reasons[0]).toContain('more than 65536');
  });

  it('calls scripts of more than 500 parts unknown', () => {
    expect(judgeShell('kubectl get pods; '.repeat(400)).effect).toBe('unknown');
    expect(judgeShell(`bash -c '${'kubectl get pods; '.repeat(400)}'`).effect).toBe('unknown');
    expect(judgeShell('kubectl get pods; '.repeat(60)).effect).toBe('read');
    expect(judgeKubectl(['get', 'pods', ...Array.from({ length: 600 }, () => '-A')]).effect).toBe('unknown');
  });

  it('shows hidden characters as numbers in its reasons', () => {
    expect(judgeKubectl('kubectl get pods \u202e').reasons).toEqual([
      'the hidden character U+202E at position 17: kubectl get pods \\u{202e}',
    ]);
    expect(judgeKubectl(['get', 'p\u0000ds']).effect).toBe('unknown');
  });

  it('keeps reasons short', () => {
    const { reasons } = judgeKubectl(`kubectl ${'x'.repeat(60_000)}`);
    expect(reasons.join('').length).toBeLessThan(1_000);
  });
});
