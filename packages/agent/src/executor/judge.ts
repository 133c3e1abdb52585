import { isKwError, type ToolCall } from '@kw/providers';
import type { Decision, JudgedCall, Policy } from '../policy.ts';
import type { RunTarget } from '../target.ts';
import type { Tool, ToolInvocation } from '../tool.ts';
import { decideCall } from './decide-call.ts';

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
  const { decision, parts } = decideCall({ ...invocation, tool: tool.name }, policy, target);
  return { type: 'judged', tool, invocation, parts: parts.map((part) => part.call), decision };
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
