import type { JsonObject, Tool, ToolContext, ToolInvocation } from '@kw/agent';
import { KwError } from '@kw/agent';
import { placeOf } from '../client/config.ts';
import { upstreamError } from '../client/failure.ts';
import type { McpManager } from '../client/manager.ts';
import type { NamedTool } from '../client/names.ts';
import { isRecord, jsonObject, textOf } from '../json.ts';
import { toolHash } from '../trust/trust.ts';
import { idleLimit } from './idle-limit.ts';
import { resultText } from './result-text.ts';

/** The longest time that a call may take, whatever happens meanwhile. */
export const longestMs = 600_000;

/** What a call is given on its way. */
export interface CallWays {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Takes what the model must be told beside the server's answer. */
  readonly onNote: (text: string) => void;
  /** Asks a person in the name of the call, by the log of its run. */
  readonly ask?: ToolContext['ask'];
  /** Waits for a person: the time limit stands still meanwhile. */
  readonly waiting: <T>(person: () => Promise<T>) => Promise<T>;
}

/** How a call reaches the server; tests and relays put their own in the place. */
export type CallServer = (named: NamedTool, request: JsonObject, ways: CallWays) => Promise<JsonObject>;

/** The servers' tools as an agent's tools, as they are at the moment. What they do is not known, so a policy asks. */
export function mcpTools(manager: McpManager, call: CallServer = callServer): readonly Tool[] {
  return manager.tools().tools.map((named) => toTool(named, withLimit(call)));
}

/** Calls the server and nothing else. */
export const callServer: CallServer = (named, request, { signal, onProgress }) =>
  named.upstream.request('tools/call', request, {
    signal,
    timeoutMs: longestMs,
    onProgress: (progress) => onProgress(progressText(progress)),
  });

/** Ends a call at the server's time limit, in which what a person takes for an answer does not count. */
function withLimit(call: CallServer): CallServer {
  return async (named, request, options) => {
    const { name, timeoutMs } = named.upstream.config;
    const limit = idleLimit(timeoutMs);
    const waiting: CallWays['waiting'] = async (person) => {
      limit.pause();
      try {
        return await person();
      } finally {
        limit.begin();
      }
    };
    try {
      return await call(named, request, { ...options, waiting, signal: AbortSignal.any([options.signal, limit.signal]) });
    } catch (error) {
      throw limit.signal.aborted ? upstreamError(name, limit.signal.reason) : error;
    } finally {
      limit.end();
    }
  };
}

/** What is said of a progress: the server's words, or how much is done. */
export function progressText(progress: JsonObject): string {
  const { progress: done, total } = progress;
  return textOf(progress, 'message') ?? [done, total].filter((part) => typeof part === 'number').join(' of ');
}

/** One tool of a server as an agent's tool; `call` keeps the server's time limit. */
export function toTool(named: NamedTool, call: CallServer): Tool {
  const { name, tool, upstream } = named;
  const description = textOf(tool, 'description') ?? textOf(tool, 'title') ?? named.original;
  const title = textOf(tool, 'title');
  const schema = tool['inputSchema'];
  return {
    name,
    version: toolHash(tool),
    description,
    parameters: isRecord(schema) ? jsonObject(schema) : { type: 'object' },
    ...(title === undefined ? {} : { title }),
    prepare: (argumentsJson) =>
      invocationOf(named, parseArguments(argumentsJson, name), {
        call,
        place: placeOf(upstream.config),
      }),
  };
}

function invocationOf(
  named: NamedTool,
  given: JsonObject,
  { call, place }: { readonly call: CallServer; readonly place: string },
): ToolInvocation {
  const { upstream, original, name } = named;
  const server = upstream.config.name;
  return {
    effect: 'unknown',
    traits: [],
    reasons: [`what ${original} of the MCP server ${JSON.stringify(server)} does is not known here`],
    summary: `${name} ${JSON.stringify(given)}`,
    subject: { verb: original },
    binding: JSON.stringify([server, place, original]),
    timeoutMs: longestMs,
    async *run({ signal, ask }) {
      const said: string[] = [];
      const notes: string[] = [];
      let wake = (): void => undefined;
      const answered = call(
        named,
        { name: original, arguments: given },
        {
          signal,
          onProgress: (text) => {
            said.push(text);
            wake();
          },
          onNote: (text) => {
            notes.push(text);
          },
          waiting: (person) => person(),
          ...(ask === undefined ? {} : { ask }),
        },
      );
      let over = false;
      const end = answered
        .then(
          () => undefined,
          () => undefined, // thrown below
        )
        .then(() => {
          over = true;
          wake();
        });
      while (!over) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (over || said.length > 0) resolve();
        });
        for (const message of said.splice(0)) yield { type: 'progress', message };
      }
      await end;
      const result = await answered;
      yield { type: 'output', stream: 'stdout', text: resultText(result) };
      yield { type: 'result', isError: result['isError'] === true, ...(notes.length === 0 ? {} : { note: notes.join('\n') }) };
    },
  };
}

function parseArguments(json: string, tool: string): JsonObject {
  let value: unknown;
  try {
    value = json.trim() === '' ? {} : JSON.parse(json);
  } catch (cause) {
    throw new KwError('tool-input', `the arguments of ${tool} are no JSON`, { cause });
  }
  if (!isRecord(value)) throw new KwError('tool-input', `the arguments of ${tool} must be an object`);
  return jsonObject(value);
}
