import type { Effect, JsonObject, PrepareScope, Tool, ToolChunk, ToolContext, ToolInvocation } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { StandardSchema } from './standard-schema.ts';
import { toJsonSchema } from './to-json-schema.ts';

/** What a tool's `run` may give back: a text, or anything that JSON can carry, or a promise of it. */
export type ToolAnswer = unknown;

/** A tool of one's own. */
export interface ToolDefinition<Input> {
  readonly name: string;
  readonly description: string;
  /** Any Standard Schema (valibot, zod, arktype, ...). */
  readonly input: StandardSchema<Input>;
  /** JSON Schema of the arguments, where the schema's library is not valibot and does not tell it itself. */
  readonly parameters?: JsonObject;
  /** What a call does; without it a call is `unknown`, and so it is asked. */
  readonly effect?: Effect | ((input: Input) => Effect);
  /** One line for people; otherwise the name and the arguments. */
  readonly summary?: (input: Input) => string;
  readonly guidance?: string;
  /** Changes when the meaning of the arguments does. */
  readonly version?: string;
  readonly run: (input: Input, context: ToolContext) => ToolAnswer;
}

/** Makes a tool. Throws KwError `bad-tool` where its name or schema can not be offered to a model. */
export function defineTool<Input>(definition: ToolDefinition<Input>): Tool {
  const { name, description, input: schema, guidance, version = '1' } = definition;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw new KwError('bad-tool', `the tool name ${JSON.stringify(name)} must be 1 to 64 letters, digits, _ or -`);
  return {
    name,
    description,
    version,
    parameters: definition.parameters ?? toJsonSchema(schema, name),
    ...(guidance === undefined ? {} : { guidance }),
    prepare: (argumentsJson: string, _scope: PrepareScope) => prepare(definition, argumentsJson),
  };
}

function prepare<Input>(definition: ToolDefinition<Input>, argumentsJson: string): ToolInvocation {
  const { name, effect = 'unknown', summary, run } = definition;
  const input = validate(definition, argumentsJson);
  return {
    effect: typeof effect === 'function' ? effect(input) : effect,
    traits: [],
    reasons: [
      typeof effect === 'string' && definition.effect === undefined ? `${name} does not say what it does` : `${name} says so of itself`,
    ],
    summary: summary?.(input) ?? `${name} ${argumentsJson}`,
    run: (context) => chunksOf(async () => await run(input, context)),
  };
}

async function* chunksOf(run: () => Promise<ToolAnswer>): AsyncGenerator<ToolChunk, void, void> {
  const answer = await run();
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer, undefined, 2) ?? '');
  if (text !== '') yield { type: 'output', stream: 'stdout', text };
  yield { type: 'result', isError: false };
}

function validate<Input>({ name, input: schema }: ToolDefinition<Input>, argumentsJson: string): Input {
  let value: unknown;
  try {
    value = JSON.parse(argumentsJson === '' ? '{}' : argumentsJson);
  } catch (error) {
    throw new KwError('tool-input', `${name}: the arguments are not valid JSON`, { cause: error });
  }
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise)
    throw new KwError('bad-tool', `${name}: its schema answers asynchronously; a call must be understood at once`);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.slice(0, 5).map(({ message, path }) => {
    const where = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return where === '' ? message : `${where}: ${message}`;
  });
  throw new KwError('tool-input', `${name}: ${problems.join('; ')}`);
}
