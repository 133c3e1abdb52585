import { isKwError, type ToolCall } from '@kw/providers';
import { decide, strictest } from '../decide.ts';
import type { Decision, JudgedCall, Policy } from '../policy.ts';
import type { RunTarget } from '../target.ts';
import type { CallPart, CallSubject, Tool, ToolInvocation, Trait } from '../tool.ts';

/** What is known of a call before anything happens. */
export type Judgement =
  /** No tool of that name, or arguments that the tool does not understand. `reason` is for the model. */
  | { readonly type: 'not-understood'; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string; readonly invocation: ToolInvocation }
  | {
      readonly type: 'judged';
      readonly tool: Tool;
      readonly invocation: ToolInvocation;
      readonly decision: Decision;
      /** What the call does, part by part, as it was decided. */
      readonly parts: readonly JudgedCall[];
    };

/** What a call is judged with. */
export interface JudgeScope {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly policy: Policy;
  readonly target?: RunTarget;
}

/** Understands and decides a call: no I/O, no effect, the same answer each time. */
export function judge(call: ToolCall, { tools, policy, target }: JudgeScope): Judgement {
  const tool = tools.get(call.name);
  if (tool === undefined) return { type: 'not-understood', reason: unknownTool(call.name, tools) };
  const invocation = prepare(tool, call.arguments, target);
  if (typeof invocation === 'string') return { type: 'not-understood', reason: invocation };
  if (invocation.refusal !== undefined) return { type: 'refused', reason: invocation.refusal, invocation };
  const parts = partsOf(invocation).map(({ effect, traits, subject }) => ({
    tool: tool.name,
    effect,
    traits,
    subject: { ...placeOf(target, traits), ...subject },
  }));
  return { type: 'judged', tool, invocation, parts, decision: strictest(parts.map((part) => decide(policy, part))) };
}

/** Where a call acts that names no place itself: what moves to another target may be anywhere. */
function placeOf(target: RunTarget | undefined, traits: readonly Trait[]): CallSubject {
  const context = traits.includes('moves-target') ? '*' : target?.context;
  return target === undefined ? {} : { ...(context === undefined ? {} : { context }), namespace: target.namespace ?? 'default' };
}

/** The parts of a call, and the whole beside them where it is more than they say. */
function partsOf(invocation: ToolInvocation): readonly CallPart[] {
  const parts = invocation.parts ?? [];
  const told =
    parts.some(({ effect }) => effect === invocation.effect) &&
    invocation.traits.every((trait) => parts.some(({ traits }) => traits.includes(trait)));
  return told ? parts : [...parts, invocation];
}

function prepare(tool: Tool, argumentsJson: string, target: RunTarget | undefined): ToolInvocation | string {
  try {
    return tool.prepare(argumentsJson, target === undefined ? {} : { target });
  } catch (error) {
    if (isKwError(error) && error.code === 'tool-input') return error.message;
    return `the tool ${tool.name} could not understand the call: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): string {
  const names = [...tools.keys()].sort().join(', ');
  return `there is no tool ${JSON.stringify(name.slice(0, 100))}; the tools are: ${names === '' ? '(none)' : names}`;
}
