import type { ArithmeticExpression } from 'unbash';
import type { Finding } from '../effects/judgement.ts';
import type { Shape } from './variables.ts';

const counters: ReadonlySet<string> = new Set(['RANDOM', 'SECONDS', 'LINENO', 'EPOCHSECONDS', 'SRANDOM']);

function isNumber(shape: Shape | undefined): boolean {
  return shape?.type === 'number' || (shape?.type === 'exact' && /^\d+$/.test(shape.text));
}

/** Where an arithmetic expression uses text that is not plainly a number: the shell would evaluate that text, commands in it too. */
export function judgeArithmetic(expression: ArithmeticExpression | undefined, variables: ReadonlyMap<string, Shape>): readonly Finding[] {
  if (expression === undefined) return [];
  const unclear = (text: string): readonly Finding[] => [{ effect: 'unknown', reason: `arithmetic with ${text}, which is not known to be a number` }];
  switch (expression.type) {
    case 'ArithmeticWord': {
      const name = expression.value.replace(/^\$\{?#?(\w+)\}?$/, '$1');
      if (/^(?:\d+|0[xX][0-9a-fA-F]+|\d+#\w+)$/.test(expression.value) || expression.value === '$#' || expression.value === '$?') return [];
      return counters.has(name) || expression.value.startsWith('${#') && /^\$\{#\w+\}$/.test(expression.value) || isNumber(variables.get(name)) ? [] : unclear(expression.value);
    }
    case 'ArithmeticBinary':
      // The left side of a plain assignment is only set.
      return [...(expression.operator === '=' && expression.left.type === 'ArithmeticWord' && /^\w+$/.test(expression.left.value) ? [] : judgeArithmetic(expression.left, variables)), ...judgeArithmetic(expression.right, variables)];
    case 'ArithmeticUnary':
      return judgeArithmetic(expression.operand, variables);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap((part) => judgeArithmetic(part, variables));
    case 'ArithmeticGroup':
      return judgeArithmetic(expression.expression, variables);
    case 'ArithmeticCommandExpansion':
      return unclear(expression.text);
    default:
      return expression satisfies never;
  }
}
