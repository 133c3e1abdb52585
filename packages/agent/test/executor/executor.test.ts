import { describe, expect, it } from 'vitest';
import {
  type ApprovalRequest,
  type Asked,
  createExecutor,
  createRedactor,
  type ExecutionScope,
  type Intent,
  memoryOutputStore,
  type Policy,
  systemClock,
  systemRandom,
  type Tool,
} from '../../src/index.ts';
import { fakeTool, hang } from '../../src/testing/index.ts';

const executor = createExecutor();

interface Bench {
  readonly scope: ExecutionScope;
  readonly intents: Intent[];
  readonly asked: ApprovalRequest[];
  readonly progress: string[];
}

function bench(
  tools: readonly Tool[],
  {
    policy = { mode: 'auto', rules: [] } as Policy,
    ask = 'nobody' as 'approve' | 'deny' | 'nobody',
    ...rest
  }: Partial<ExecutionScope> & { ask?: 'approve' | 'deny' | 'nobody' } = {},
): Bench {
  const intents: Intent[] = [];
  const asked: ApprovalRequest[] = [];
  const progress: string[] = [];
  const scope: ExecutionScope = {
    session: 's',
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    policy,
    journal: {
      intent: async (intent) => void intents.push(intent),
      progress: (_, message) => void progress.push(message),
      ready: async () => undefined,
      loggedArguments: async () => undefined,
    },
    approvals: {
      answered: () => undefined,
      open: () => undefined,
      newId: () => `s.${asked.length}`,
      ask: async (request): Promise<Asked> => {
        asked.push(request);
        return ask === 'nobody'
          ? { type: 'nobody' }
          : { type: 'answered', approval: { request, response: { approvalId: request.approvalId, decision: ask } } };
      },
    },
    openTarget: async () => undefined,
    outputs: memoryOutputStore(),
    redactor: createRedactor({ secrets: ['hunter2-hunter2'] }),
    signal: new AbortController().signal,
    clock: systemClock,
    random: systemRandom,
    resultTokens: 1_000,
    ...rest,
  };
  return { scope, intents, asked, progress };
}

const call = (name: string, argumentsJson: string): Parameters<typeof executor.execute>[0] => ({
  type: 'tool-call',
  id: 'c1',
  name,
  arguments: argumentsJson,
});
const args = (text: string): string => JSON.stringify({ text });

describe('the executor, without a session log', () => {
  it('runs an allowed call once, after its intent', async () => {
    const tool = fakeTool({ name: 'change', effect: 'write' });
    const { scope, intents } = bench([tool]);
    expect(await executor.execute(call('change', args('x')), scope)).toMatchObject({
      type: 'result',
      result: { outcome: 'ran', content: 'change saw x', isError: false, effect: 'write', summary: 'change x' },
    });
    expect(tool.ran).toEqual(['x']);
    expect(intents).toMatchObject([{ callId: 'c1', effect: 'write', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  it('runs nothing where the intent cannot be written', async () => {
    const tool = fakeTool({ name: 'change', effect: 'write' });
    const { scope } = bench([tool]);
    const journal = { ...scope.journal, intent: async () => Promise.reject(new Error('no')) };
    await expect(executor.execute(call('change', args('x')), { ...scope, journal })).rejects.toThrow('no');
    expect(tool.ran).toEqual([]);
  });

  it('keeps the whole redacted output and says where', async () => {
    const tool = fakeTool({ output: () => 'a\nhunter2-hunter2\n' });
    const { scope } = bench([tool]);
    expect(await executor.execute(call('look', args('x')), scope)).toMatchObject({
      result: { output: 'output:1', outputHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const lines = [];
    for await (const { text } of scope.outputs.reader('s').lines('output:1')) lines.push(text);
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines).toHaveLength(2);
  });

  it('a refusal, an unknown tool, wrong arguments and a denial run nothing, and say why', async () => {
    const terminal = fakeTool({ name: 'terminal', refusal: 'it needs a terminal: use exec without -it' });
    const { scope, intents } = bench([terminal, fakeTool({ name: 'change', effect: 'write' })], {
      policy: { mode: 'read-only', rules: [] },
    });
    const results = [];
    for (const one of [call('terminal', args('x')), call('nope', '{}'), call('change', '{'), call('change', args('x'))]) {
      const executed = await executor.execute(one, scope);
      if (executed.type === 'result') results.push(`${executed.result.outcome}: ${executed.result.content}`);
    }
    expect(results).toEqual([
      'refused: not run: it needs a terminal: use exec without -it',
      'not-understood: not run: there is no tool "nope"; the tools are: change, terminal',
      'not-understood: not run: change takes {"text": "..."}, not {',
      'denied: not run: this run is read-only: nothing may be changed',
    ]);
    expect(intents).toEqual([]);
  });

  it('a call of several parts needs the leave for each, and for the whole where it is more than its parts', async () => {
    const base = fakeTool({ name: 'script', effect: 'dangerous' });
    const script: Tool = {
      ...base,
      prepare: (json, scope) => ({
        ...base.prepare(json, scope),
        parts: [
          { effect: 'read', traits: [] },
          { effect: 'write', traits: [], subject: { verb: 'scale' } },
        ],
      }),
    };
    const judgement = executor.judge(call('script', args('x')), bench([script]).scope);
    expect(judgement).toMatchObject({ type: 'judged', decision: { verdict: 'ask' } });
    const denied = executor.judge(
      call('script', args('x')),
      bench([script], { policy: { mode: 'auto', allowDangerous: true, rules: [{ action: 'deny', verb: 'scale' }] } }).scope,
    );
    expect(denied).toMatchObject({ decision: { verdict: 'deny' } });
  });

  it('shows the redacted call, its reasons and its preview, and hides what a Secret would hold', async () => {
    const tool = fakeTool({
      name: 'change',
      effect: 'write',
      preview: () => ({
        objects: [
          {
            action: 'update',
            kind: 'Secret',
            apiVersion: 'v1',
            name: 's',
            fields: [{ path: 'data.password', before: 'b2xk', after: 'bmV3' }],
          },
        ],
        warnings: ['token hunter2-hunter2'],
      }),
    });
    const { scope, asked } = bench([tool], { policy: { mode: 'ask-writes', rules: [] }, ask: 'approve' });
    await executor.execute(call('change', args('hunter2-hunter2')), scope);
    expect(JSON.stringify(asked)).not.toMatch(/hunter2|b2xk|bmV3/);
    expect(asked).toMatchObject([{ parkable: false, effect: 'write', preview: { objects: [{ name: 's' }] } }]);
    expect(tool.ran).toEqual(['hunter2-hunter2']);
  });

  it('a fingerprint does not tell a secret to whoever guesses it', async () => {
    const tool = fakeTool({ name: 'change', effect: 'write' });
    const prints = [];
    for (const text of ['hunter2-hunter2', 'hunter2-hunter2', 'plain', 'plain']) {
      const { scope, intents } = bench([tool]);
      await executor.execute(call('change', args(text)), scope);
      prints.push(intents[0]?.fingerprint);
    }
    expect(prints[0]).not.toBe(prints[1]);
    expect(prints[2]).toBe(prints[3]);
  });

  it('nobody there means no', async () => {
    const tool = fakeTool({ name: 'change', effect: 'write' });
    const { scope } = bench([tool], { policy: { mode: 'ask-writes', rules: [] } });
    expect(await executor.execute(call('change', args('x')), scope)).toMatchObject({ result: { outcome: 'denied', unanswered: true } });
    expect(tool.ran).toEqual([]);
  });

  it('stops a call at its time limit and waits for its end', async () => {
    let ended = false;
    const tool = fakeTool({
      timeoutMs: 30,
      output: async (_, { signal }) => {
        try {
          return await hang(signal);
        } finally {
          ended = true;
        }
      },
    });
    const { scope } = bench([tool]);
    expect(await executor.execute(call('look', args('x')), scope)).toMatchObject({
      result: { outcome: 'timeout', isError: true, content: 'stopped at its time limit of 0.03 s' },
    });
    expect(ended).toBe(true);
  });

  it('what came before a failure is shown with it', async () => {
    const base = fakeTool();
    const tool: Tool = {
      ...base,
      prepare: (json, scope) => ({
        ...base.prepare(json, scope),
        run: async function* () {
          yield { type: 'output', stream: 'stdout', text: 'half\n' } as const;
          yield { type: 'progress', message: 'at hunter2-hunter2' } as const;
          throw new Error('the pipe hunter2-hunter2 broke');
        },
      }),
    };
    const { scope, progress } = bench([tool]);
    const executed = await executor.execute(call('look', args('x')), scope);
    expect(executed).toMatchObject({ result: { outcome: 'failed', content: expect.stringMatching(/^half\nthe pipe .* broke$/) } });
    expect(JSON.stringify([executed, progress])).not.toContain('hunter2');
  });

  it('an output store that fails is a warning, not the end', async () => {
    const outputs = { ...memoryOutputStore(), write: async () => Promise.reject(new Error('disk full')) };
    const { scope } = bench([fakeTool()], { outputs });
    expect(await executor.execute(call('look', args('x')), scope)).toMatchObject({
      result: { outcome: 'ran', content: 'look saw x\n(the full output could not be kept: disk full)' },
    });
  });
});
