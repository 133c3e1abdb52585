import type { Policy } from '../policy.ts';
import type { RunTarget } from '../target.ts';
import type { Tool } from '../tool.ts';

/** What a system prompt is made of. */
export interface SystemPromptOptions {
  readonly target?: RunTarget;
  readonly serverVersion?: string;
  readonly policy: Policy;
  readonly tools: readonly Pick<Tool, 'name' | 'guidance'>[];
  /** BCP 47 tag of the language to answer in. */
  readonly language?: string;
  /** Milliseconds since the epoch; only the day is used. */
  readonly now: number;
}

/** The program's instructions: the same bytes from request to request of one day. */
export function systemPrompt({ target, tools, now }: SystemPromptOptions): string {
  return [
    'You are kubelet-wuhrai, an agent for Kubernetes.',
    target === undefined ? 'No cluster.' : `Context ${target.context}.`,
    ...tools.flatMap((tool) => (tool.guidance === undefined ? [] : [tool.guidance])),
    new Date(now).toISOString().slice(0, 10),
  ].join('\n');
}
