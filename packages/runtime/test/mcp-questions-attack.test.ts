import type { JsonObject, ToolQuestion } from '@kw/agent';
import type { CallServer, CallWays, NamedTool } from '@kw/mcp';
import { describe, expect, it } from 'vitest';
import { createQuestions, type Questions } from '../src/mcp-questions.ts';

interface Person {
  readonly asked: string[];
  readonly noted: string[];
  readonly ways: CallWays;
}

function person(): Person {
  const asked: string[] = [];
  const noted: string[] = [];
  const ask = async ({ text, reasons }: ToolQuestion): Promise<{ readonly type: 'yes' }> => {
    asked.push(`${text} ${reasons.join(' ')}`);
    return { type: 'yes' };
  };
  const ways: CallWays = {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onNote: (text) => void noted.push(text),
    ask,
    waiting: (answer) => answer(),
  };
  return { asked, noted, ways };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else of it is looked at
const named = { upstream: { config: { name: 'ops' } } } as unknown as NamedTool;

/** Calls of several people at once, during which the server asks. */
async function during(questions: Questions, people: readonly Person[], ask: () => Promise<unknown>): Promise<unknown> {
  const [first, ...others] = people;
  if (first === undefined) return ask();
  let answer: unknown;
  const call: CallServer = async () => {
    answer = await during(questions, others, ask);
    return {};
  };
  await questions.around(call)(named, {}, first.ways);
  return answer;
}

const yes: JsonObject = { type: 'object', properties: {} };

describe('a question of an MCP server that several people use', () => {
  it('is put to nobody while it may be of the call of another, and nobody else reads it', async () => {
    const told: string[] = [];
    const [ann, bob] = [person(), person()];
    const questions = createQuestions(({ en }) => told.push(en));
    const answer = await during(questions, [ann, bob], () =>
      questions.ask({ server: 'ops', message: 'Delete ledger 4711 of Ann?', schema: yes }),
    );
    expect(answer).toBeUndefined();
    expect([...ann.asked, ...bob.asked]).toEqual([]);
    expect([...ann.noted, ...bob.noted].join('\n')).not.toContain('4711');
    expect(bob.noted.join('\n')).toContain('several calls of it are under way');
    expect(told).toHaveLength(1);
  });

  it('is put to whoever is the only one', async () => {
    const ann = person();
    const questions = createQuestions(() => undefined);
    expect(await during(questions, [ann], () => questions.ask({ server: 'ops', message: 'Sure?', schema: yes }))).toEqual({});
    expect(ann.asked).toHaveLength(1);
  });

  it.each([
    ['words', { message: `Restart?${' '.repeat(5_000)}and delete all`, schema: yes }],
    ['an answer', { message: 'Sure?', schema: { type: 'object', properties: { a: { type: 'string', default: 'x'.repeat(100_000) } } } }],
  ])('with more of %s than anybody reads is declined: a yes to its beginning is no yes to its end', async (_, question) => {
    const ann = person();
    const questions = createQuestions(() => undefined);
    expect(await during(questions, [ann], () => questions.ask({ server: 'ops', ...question }))).toBeUndefined();
    expect(ann.asked).toEqual([]);
    expect(ann.noted.join('').length).toBeLessThan(1_000);
  });
});
