import type { Tool, ToolInvocation } from '../tool.ts';

/** The tool by which a model reads on in a kept output. */
export function readOutputTool(): Tool {
  return {
    name: 'read_output',
    version: '1',
    description: 'Read a kept output by lines or grep.',
    parameters: {
      type: 'object',
      properties: { ref: { type: 'string' }, from: { type: 'integer' }, to: { type: 'integer' }, grep: { type: 'string' } },
      required: ['ref'],
    },
    prepare: (argumentsJson): ToolInvocation => {
      const parsed: unknown = JSON.parse(argumentsJson);
      const ref = typeof parsed === 'object' && parsed !== null && 'ref' in parsed ? String(parsed.ref) : '';
      return {
        effect: 'read',
        traits: [],
        reasons: ['reads a kept output'],
        summary: `read_output ${ref}`,
        keepOutput: false,
        run: async function* (context) {
          for await (const line of context.outputs.lines(`output:${Number(ref.slice(7))}`))
            yield { type: 'output', stream: 'stdout', text: `${line.number}: ${line.text}\n` };
          yield { type: 'result', isError: false };
        },
      };
    },
  };
}
