import type { PrepareScope } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { JudgeOptions } from './effects/guard.ts';

/** Arguments of the command tools. */
export interface CommandInput {
  readonly command: string;
  /** Text for standard input. */
  readonly input?: string;
}

/** Reads the arguments of a command tool. Unknown members (`modifies_resource`, `approved`, ...) are ignored: the model has no say in them. Throws KwError `tool-input` for the model. */
export function parseCommandInput(
  argumentsJson: string,
  tool: string,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): CommandInput {
  const value = parseObject(argumentsJson, tool);
  const { command, input } = value;
  if (typeof command !== 'string' || (command.trim() === '' && !mayBeEmpty)) {
    throw new KwError(
      'tool-input',
      `${tool}: the argument "command" must be a text that is not empty, such as {"command": "kubectl get pods -n shop"}`,
    );
  }
  if (input !== undefined && input !== null && typeof input !== 'string')
    throw new KwError('tool-input', `${tool}: the argument "input" must be a text`);
  return { command, ...(typeof input === 'string' && input !== '' ? { input } : {}) };
}

function parseObject(argumentsJson: string, tool: string): { readonly [key: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(argumentsJson);
  } catch (error) {
    throw new KwError(
      'tool-input',
      `${tool}: the arguments are not valid JSON (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new KwError('tool-input', `${tool}: the arguments must be a JSON object`);
  return { ...value };
}

/** What the judges may know beside the command: the text on standard input and the context that the run is bound to. */
export function judgeOptions({ input }: CommandInput, { target }: PrepareScope): JudgeOptions {
  return { ...(input === undefined ? {} : { input }), ...(target === undefined ? {} : { currentContext: target.context }) };
}
