import type { Json } from '../json.ts';
import { evaluateCel } from './cel-evaluate.ts';
import type { CelNode } from './cel-parse.ts';
import { CelSyntaxError, parseCel } from './cel-parse.ts';

/** A rule that can be evaluated. */
export interface CompiledRule {
  /** Compares with what was there before: not evaluated on create. */
  readonly usesOld: boolean;
  /** True or false; a text where the evaluation fails. */
  readonly evaluate: (variables: { readonly self: Json; readonly oldSelf: Json | undefined }) => boolean | string;
}

/** Parses a rule of the Common Expression Language; `problem` says why it can't be. */
export function compileRule(rule: string): CompiledRule | { readonly problem: string } {
  let tree: CelNode;
  try {
    tree = parseCel(rule);
  } catch (error) {
    if (error instanceof CelSyntaxError) return { problem: error.message };
    throw error;
  }
  return {
    usesOld: /\boldSelf\b/.test(rule),
    evaluate({ self, oldSelf }) {
      try {
        return (
          evaluateCel(
            tree,
            new Map([
              ['self', self],
              ['oldSelf', oldSelf ?? null],
            ]),
          ) === true
        );
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
