import type { ToolSpec } from '../chat-model.ts';
import type { TextCall } from './call-of-json.ts';
import { endsInBlankLine, maxHeld, mayBeCallText, placeOfOpening } from './may-be-call.ts';
import { readTextCalls, type TextCallRules } from './read-text-calls.ts';

/** Holds back what may be a call while an answer streams, so that no half of a call is shown. */
export interface TextGate {
  /** Takes text in and gives what is surely prose. */
  push(text: string): string;
  /** The end of a whole answer: the rest of the prose, and the calls that were held. */
  end(): GateEnd;
  /** The end of an answer that broke off: a call that had begun is given as cut. */
  cut(): GateEnd;
  /** Whether text is held that looks like a call. */
  holds(): boolean;
}

/** What was held at the end. */
export interface GateEnd {
  readonly text: string;
  readonly calls: readonly TextCall[];
}

/** So many letters are looked at before a text counts as a call that is being written. */
const sureAfter = 256;

/** Makes a gate for one answer. */
export function createTextGate(rules: TextCallRules): TextGate {
  let state: 'prose' | 'held' | 'open' = rules.where === 'anywhere' ? 'prose' : 'held';
  let held = '';
  let lineBlank = true;

  const release = (text: string): string => {
    lineBlank = endsInBlankLine(text, lineBlank);
    return text;
  };
  const open = (): string => {
    const text = held;
    held = '';
    state = 'open';
    return text;
  };
  const step = (): string => {
    switch (state) {
      case 'open':
        return open();
      case 'held':
        if (held.length > maxHeld) return open();
        if (held.length > sureAfter || mayBeCallText(held)) return '';
        if (rules.where === 'nothing-else') return open();
        state = 'prose';
        return step();
      case 'prose': {
        const at = placeOfOpening(held, lineBlank);
        const text = release(at === -1 ? held : held.slice(0, at));
        held = held.slice(text.length);
        if (at !== -1) state = 'held';
        return text;
      }
    }
  };

  return {
    push: (text) => {
      held += text;
      return step();
    },
    end: () => {
      const text = open();
      const reading = readTextCalls(text, rules);
      return reading.type === 'answer' ? { text, calls: [] } : reading;
    },
    cut: () => {
      const looks = looksLikeCall(held, state);
      const text = open();
      return looks ? { text: '', calls: [{ name: nameIn(text, rules.tools), arguments: text.trim() }] } : { text, calls: [] };
    },
    holds: () => looksLikeCall(held, state),
  };
}

function looksLikeCall(held: string, state: 'prose' | 'held' | 'open'): boolean {
  return state === 'held' && held.trim().length > 1;
}

/** The offered tool that a cut call names, for messages; it is never run. */
function nameIn(text: string, tools: readonly Pick<ToolSpec, 'name'>[]): string {
  return tools.find(({ name }) => text.includes(name))?.name ?? '';
}
