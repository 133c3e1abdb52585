import { KwError } from '@kw/providers';
import type { ChangePreview } from '../preview.ts';
import type { Effect, Tool, ToolContext, ToolEnd, ToolInvocation, Trait } from '../tool.ts';

/** What a fake tool does when it is called with an argument text. */
export interface FakeToolOptions {
  readonly name?: string;
  readonly effect?: Effect;
  readonly traits?: readonly Trait[];
  readonly version?: string;
  /** What the call prints; may wait. */
  readonly output?: (text: string, context: ToolContext) => string | Promise<string>;
  readonly end?: Partial<Omit<ToolEnd, 'type'>>;
  readonly preview?: (text: string, context: ToolContext) => ChangePreview | Promise<ChangePreview>;
  readonly refusal?: string;
  readonly timeoutMs?: number;
  /** What else is judged of a call. */
  readonly judged?: (
    text: string,
  ) => Partial<Pick<ToolInvocation, 'effect' | 'traits' | 'subject' | 'parts' | 'source' | 'binding' | 'unseen'>>;
}

/** A tool that counts. */
export interface FakeTool extends Tool {
  /** The `text` argument of each call that ran, in order of their starts. */
  readonly ran: readonly string[];
  /** The most calls that ran at once. */
  mostAtOnce(): number;
}

/** A tool for tests whose one argument is `text`: a read that prints it, unless told otherwise. */
export function fakeTool(options: FakeToolOptions = {}): FakeTool {
  const { name = 'look', effect = 'read', traits = [], version = '1', output = (text) => `${name} saw ${text}\n`, end, preview } = options;
  const ran: string[] = [];
  let running = 0;
  let most = 0;
  return {
    name,
    version,
    description: `A fake tool that is a ${effect}.`,
    parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    ran,
    mostAtOnce: () => most,
    prepare: (argumentsJson) => {
      const text = textOf(argumentsJson, name);
      return {
        effect,
        traits,
        reasons: [`${name} is a ${effect}`],
        summary: `${name} ${text}`,
        ...options.judged?.(text),
        ...(options.refusal === undefined ? {} : { refusal: options.refusal }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        ...(preview === undefined ? {} : { preview: async (context: ToolContext) => preview(text, context) }),
        run: async function* (context) {
          ran.push(text);
          running += 1;
          most = Math.max(most, running);
          try {
            yield { type: 'output', stream: 'stdout', text: await output(text, context) };
            yield { type: 'result', isError: false, ...end };
          } finally {
            running -= 1;
          }
        },
      };
    },
  };
}

function textOf(argumentsJson: string, name: string): string {
  try {
    const parsed: unknown = JSON.parse(argumentsJson);
    if (typeof parsed === 'object' && parsed !== null && 'text' in parsed && typeof parsed.text === 'string') return parsed.text;
  } catch {
    // told below
  }
  throw new KwError('tool-input', `${name} takes {"text": "..."}, not ${argumentsJson.slice(0, 100)}`);
}

/** Waits until the signal is aborted, and a little longer where wished; then throws its reason. */
export async function hang(signal: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  throw signal.reason;
}
