import { KwError } from '@kw/providers';
import { parseRegex } from './safe-regex-parse.ts';
import type { RegexNode } from './safe-regex-parse.ts';

/** A search whose time grows with the text only, whatever the expression. */
export interface SafeRegex {
  test(text: string): boolean;
}

type State =
  | { readonly type: 'char'; readonly matches: (code: number) => boolean; next: number }
  | { readonly type: 'split'; next: number; other: number }
  | { readonly type: 'assert'; readonly kind: 'start' | 'end' | 'word' | 'not-word'; next: number }
  | { readonly type: 'match' };

const maxStates = 2000;
const maxCachedSets = 500;
const lineEnd = -1;

/**
 * Compiles an expression (literals, `.`, classes, `\d \w \s \b`, groups, `|`, `* + ? {m,n}`, `^ $`), without regard to case.
 * Throws KwError `tool-input` for look-around, back references and expressions that are too large.
 */
export function safeRegex(source: string): SafeRegex {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= maxStates)
      throw new KwError(
        'tool-input',
        `grep: the expression is too large (${source.length} characters with its repetitions); use a shorter one`,
      );
    return states.push(state) - 1;
  };
  /** Puts a node in front of `next`; returns where it begins. */
  const put = (node: RegexNode, next: number): number => {
    switch (node.type) {
      case 'char':
        return add({ type: 'char', matches: node.matches, next });
      case 'assert':
        return add({ type: 'assert', kind: node.kind, next });
      case 'sequence':
        return node.items.reduceRight((after, item) => put(item, after), next);
      case 'either':
        return node.options.map((option) => put(option, next)).reduceRight((other, start) => add({ type: 'split', next: start, other }));
      case 'repeat': {
        let start = next;
        if (node.max === undefined) {
          const loop: State = { type: 'split', next: 0, other: next };
          start = add(loop);
          loop.next = put(node.item, start);
        } else {
          for (let count = node.min; count < node.max; count += 1) start = add({ type: 'split', next: put(node.item, start), other: next });
        }
        for (let count = 0; count < node.min; count += 1) start = put(node.item, start);
        return start;
      }
    }
  };
  const start = put(parseRegex(source), add({ type: 'match' }));
  return { test: simulate(states, start) };
}

interface StateSet {
  /** States that wait for a character; assertions wait with it. */
  readonly members: readonly number[];
  readonly matched: boolean;
  readonly on: Map<number, StateSet>;
}

const isWord = (code: number): boolean => (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122) || code === 95;

/** Runs all ways at once, and remembers what sets of states lead to. */
function simulate(states: readonly State[], start: number): (text: string) => boolean {
  let cache = new Map<string, StateSet>();

  /** All states that can be reached between `before` and `after` without taking a character. */
  const settle = (from: readonly number[], before: number, after: number): StateSet => {
    const members = new Set<number>();
    const seen = new Set<number>();
    let matched = false;
    const open = [...from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const state = states[id];
      if (seen.has(id) || state === undefined) continue;
      seen.add(id);
      if (state.type === 'match') matched = true;
      else if (state.type === 'char') members.add(id);
      else if (state.type === 'split') open.push(state.next, state.other);
      else if (holds(state.kind, before, after)) open.push(state.next);
    }
    const ordered = [...members].toSorted((one, other) => one - other);
    const key = `${matched ? '!' : ''}${ordered.join(',')}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size > maxCachedSets) cache = new Map();
    const set: StateSet = { members: ordered, matched, on: new Map() };
    cache.set(key, set);
    return set;
  };

  const asserts = states.some((state) => state.type === 'assert');
  return (text) => {
    let set = settle([start], lineEnd, text.length === 0 ? lineEnd : text.charCodeAt(0));
    for (let at = 0; at < text.length; at += 1) {
      if (set.matched) return true;
      const code = text.charCodeAt(at);
      const after = at + 1 < text.length ? text.charCodeAt(at + 1) : lineEnd;
      const known = asserts ? undefined : set.on.get(code);
      if (known !== undefined) {
        set = known;
        continue;
      }
      const next: number[] = [start];
      for (const id of set.members) {
        const state = states[id];
        if (state?.type === 'char' && state.matches(code)) next.push(state.next);
      }
      const reached = settle(next, code, after);
      if (!asserts && set.on.size < 512) set.on.set(code, reached);
      set = reached;
    }
    return set.matched;
  };
}

function holds(kind: 'start' | 'end' | 'word' | 'not-word', before: number, after: number): boolean {
  if (kind === 'start') return before === lineEnd;
  if (kind === 'end') return after === lineEnd;
  return (isWord(before) !== isWord(after)) === (kind === 'word');
}
