import type { Failure } from './failure.ts';
import type { Quirks } from './quirks.ts';

interface Lesson {
  readonly said: RegExp;
  /** The quirks as the vendor wants them; undefined where they are so already. */
  readonly learn: (quirks: Quirks) => Quirks | undefined;
}

const lessons: readonly Lesson[] = [
  {
    // OpenAI since GPT-5.6, on Chat Completions: tools only without reasoning, which must be switched off by name.
    said: /tools.{0,40}reasoning_effort|reasoning_effort.{0,60}'?none'?/i,
    learn: (quirks) =>
      quirks.toolsBody?.['reasoning_effort'] === 'none'
        ? undefined
        : { ...quirks, toolsBody: { ...quirks.toolsBody, reasoning_effort: 'none' } },
  },
  {
    said: /unknown name .{0,200}(tools|function_declarations)\b|function_declarations.{0,120}(schema|field)/i,
    learn: (quirks) => (quirks.schema === 'full' ? { ...quirks, schema: 'basic' } : undefined),
  },
  {
    said: /reasoning(_content)?\b.{0,80}(must|require|missing|passed back|provide)/i,
    learn: (quirks) =>
      quirks.reasoning === 'always' && quirks.emptyReasoning ? undefined : { ...quirks, reasoning: 'always', emptyReasoning: true },
  },
  {
    said: /\breasoning(_content)?\b/i,
    learn: (quirks) => (quirks.reasoning === 'never' ? undefined : { ...quirks, reasoning: 'never', emptyReasoning: false }),
  },
  {
    said: /stream_options|include_usage/i,
    learn: (quirks) => (quirks.streamUsage ? { ...quirks, streamUsage: false } : undefined),
  },
  {
    said: /max_completion_tokens/i,
    learn: (quirks) => ({ ...quirks, maxTokensField: quirks.maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens' }),
  },
  {
    // What templates of the first Gemma and Mistral models say; with tool calls, it is these that are given up first.
    said: /system role|roles must alternate|only user(,| and)/i,
    learn: (quirks) => (quirks.systemMessage ? { ...quirks, systemMessage: false } : undefined),
  },
  {
    said: /tool_choice/i,
    learn: (quirks) => (quirks.toolChoice ? { ...quirks, toolChoice: false } : undefined),
  },
  {
    said: /temperature/i,
    learn: (quirks) => (quirks.temperature ? { ...quirks, temperature: false } : undefined),
  },
  {
    said: /extra_content|unrecognized|unexpected|extra inputs/i,
    learn: (quirks) => (quirks.vendorFields ? { ...quirks, vendorFields: false } : undefined),
  },
];

/** What a vendor's refusal teaches about its requests; undefined where it teaches nothing new. Pure. */
export function adaptQuirks(failure: Failure, quirks: Quirks): Quirks | undefined {
  const withoutTools = failure.code === 'tools-unsupported' && quirks.toolUse === 'shim';
  if (failure.code !== 'bad-request' && !withoutTools) return undefined;
  const said = String(failure.error.details['vendorMessage'] ?? '');
  return lessons.find((lesson) => lesson.said.test(said))?.learn(quirks);
}
