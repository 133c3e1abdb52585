import { escapeHidden, findHidden } from './hidden-characters.ts';
import { conclude } from './judgement.ts';
import type { Judgement } from './judgement.ts';

/** The longest command that is judged, in UTF-16 units; longer ones are unknown. */
export const maxCommandLength: number = 65_536;
/** The most words of one command. */
export const maxWords: number = 500;

const maxReasons = 30;
/** In UTF-16 units. */
const maxReasonLength = 300;

/** What is known where a command is judged. */
export interface JudgeOptions {
  /** The context that the run is bound to; naming it moves nothing. */
  readonly currentContext?: string;
  /** What comes by stdin, such as the manifest of `apply -f -`. */
  readonly input?: string;
}

/** A judgement of something that was not understood. */
export function notUnderstood(reason: string): Judgement {
  return conclude([{ effect: 'unknown', reason }]);
}

/** Reasons quote the command: they are cut, and carry no characters that move text or hide. */
function shown(judgement: Judgement): Judgement {
  const reasons = judgement.reasons
    .slice(0, maxReasons)
    .map((reason) => escapeHidden(reason.length > maxReasonLength ? `${reason.slice(0, maxReasonLength)}…` : reason));
  const text = judgement.text === undefined ? undefined : escapeHidden(judgement.text);
  return {
    ...judgement,
    reasons,
    ...(text !== undefined && { text }),
    ...(judgement.parts !== undefined && { parts: judgement.parts.map(shown) }),
  };
}

/** Judges a text only where its length and its characters allow it; what the judge throws makes it unknown. */
export function guard(text: string, judge: () => Judgement): Judgement {
  if (text.length > maxCommandLength)
    return notUnderstood(`the command has ${text.length} characters; more than ${maxCommandLength} are not judged`);
  const hidden = findHidden(text);
  if (hidden !== undefined) return notUnderstood(`the hidden character ${hidden}: ${escapeHidden(text.slice(0, 200))}`);
  try {
    return shown(judge());
  } catch (error) {
    // The parser gave up: not understood, so not run unasked.
    return notUnderstood(`the command could not be judged: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown error'}`);
  }
}
