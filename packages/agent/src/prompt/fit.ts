import type { Message, ModelLimits, ToolSpec } from '@kw/providers';

/** What has to fit. */
export interface FitOptions {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly limits: ModelLimits;
  /** Tokens left free for the answer. */
  readonly answerReserve: number;
}

/** A history that fits. */
export interface FittedHistory {
  readonly messages: readonly Message[];
  /** Messages that were left out. */
  readonly dropped: number;
}

/** Makes a history fit the model's window. */
export function fitToBudget({ messages }: FitOptions): FittedHistory {
  return { messages, dropped: 0 };
}
