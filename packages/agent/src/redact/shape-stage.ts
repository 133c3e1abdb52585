import { beginningsOf, beginningUnits, candidateFinders } from './beginnings.ts';
import { markSource } from './marks.ts';
import { pairRule, pairTrigger } from './pair-rule.ts';
import { contextUnits } from './shape.ts';
import type { ShapeRule, Swallow } from './shape.ts';
import { shapeTriggers, triggerUnits } from './shape-rules.ts';
import type { Transducer } from './transducer.ts';

const rules: readonly ShapeRule[] = [...shapeTriggers.map(({ rule }) => rule), pairRule];
const triggers = [...shapeTriggers.map(({ pattern }) => pattern), pairTrigger];
const createFinder = candidateFinders([markSource, ...triggers].flatMap((pattern) => [...beginningsOf(pattern, beginningUnits)]));
const triggerSource = [markSource, ...triggers.map((pattern) => `(${pattern})`)].join('|');
const maxTriggerUnits = Math.max(triggerUnits, 40);
/** A run that can still become a trigger ends a text. */
const openRun = /[密口令A-Za-z0-9_.:/~?&;=[-]*$/;

/** Rules are tried on so much text at a time, since each match rewrites it. */
const windowUnits = 8192;

/** Takes secrets out by their shape: tokens of vendors, credentials in URLs and headers, pairs whose key tells. */
export function shapeStage(): Transducer {
  const trigger = new RegExp(triggerSource, 'y');
  const findCandidate = createFinder();
  /** What was decided (as it left, so that a second pass looks back on the same), and what was not. */
  let text = '\n';
  let at = 1;
  let swallow: Swallow | undefined;
  /** The text whose open run is known. */
  let openOf = '';
  let openRunUnits = 0;

  /** From where on the end of the text may still become a trigger. */
  const openAt = (final: boolean): number => {
    if (final) return text.length;
    if (openOf !== text) {
      openOf = text;
      openRunUnits = openRun.exec(text.slice(-maxTriggerUnits))?.[0].length ?? 0;
    }
    return Math.max(at, text.length - openRunUnits);
  };
  /** The next trigger before `open`. */
  const nextTrigger = (open: number): RegExpExecArray | undefined => {
    for (let place = findCandidate(text, at); place < open; place = findCandidate(text, place + 1)) {
      trigger.lastIndex = place;
      const found = trigger.exec(text);
      if (found !== null) return found;
    }
    return undefined;
  };
  /** Takes one step; false where more text is needed. */
  const step = (final: boolean): boolean => {
    if (swallow !== undefined) {
      const { to, done } = swallow(text, at, final);
      if (to > at) text = text.slice(0, at) + text.slice(to);
      if (!done) return false;
      swallow = undefined;
    }
    const open = openAt(final);
    const found = nextTrigger(open);
    if (found === undefined) {
      at = open;
      return false;
    }
    const index = found.findIndex((group, position) => position > 0 && group !== undefined) - 1;
    const rule = rules[index];
    if (rule === undefined) {
      at = found.index + found[0].length;
      return true;
    }
    const answer = rule({ text, at: found.index, trigger: found[0], final });
    if (answer === 'more') {
      at = found.index;
      return false;
    }
    if (answer === 'no' || answer.from < at) {
      at = found.index + 1;
      return true;
    }
    text = text.slice(0, answer.from) + answer.replacement + text.slice(answer.to);
    at = answer.from + answer.replacement.length;
    swallow = answer.swallow;
    return true;
  };

  const advance = (chunk: string, final: boolean): string => {
    const from = at;
    text += chunk;
    while (step(final));
    const out = text.slice(from, at);
    if (at > contextUnits) {
      text = text.slice(at - contextUnits);
      at = contextUnits;
    }
    return out;
  };

  return {
    write: (chunk) => {
      if (chunk.length <= windowUnits) return advance(chunk, false);
      let out = '';
      for (let start = 0; start < chunk.length; start += windowUnits) out += advance(chunk.slice(start, start + windowUnits), false);
      return out;
    },
    end: () => advance('', true),
  };
}
