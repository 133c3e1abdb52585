import type { Fault, ServerTurn, Wire } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { peakMegabytes } from './peak.ts';
import { call, inScene, question, readEvents, textOf } from './scene.ts';

describe('an answer that breaks', { timeout: 60_000 }, () => {
  it('reliability 11: a text that is reset twice is asked for again once; the longest part is kept, marked and not doubled', async () => {
    await inScene(async (scene) => {
      const reset: Fault = { type: 'reset', after: 3 };
      const { code, events, outcome } = await scene.ask([
        { text: ['Half an ', 'answer ', 'and more'], fault: reset },
        { text: ['Half an ', 'answer ', 'and more'], fault: reset },
        { text: 'too late' },
      ]);
      expect(scene.model.chats()).toHaveLength(2);
      expect(textOf(events)).toBe('Half an answer ');
      expect(events.findLast(({ type }) => type === 'turn-end')).toMatchObject({ partial: true });
      expect({ code, type: outcome['type'], answer: outcome['answer'] }).toEqual({ code: 1, type: 'failed', answer: 'Half an answer' });
      await scene.expectNothingLeft();
    });
  });

  it.each<[string, ServerTurn]>([
    ['an error object', { text: ['Half ', 'an answer'], fault: { type: 'error-object', after: 2, error: { message: 'upstream broke' } } }],
    ['nothing at all', { fault: { type: 'empty' } }],
    ['no choices', { chunks: [{ id: 'x', object: 'chat.completion.chunk', choices: [] }] }],
    ['an empty text', { text: '' }],
  ])('reliability 13: a stream with %s is asked for once more', async (_, turn) => {
    await inScene(async (scene) => {
      const { code, events, outcome } = await scene.ask([turn, { text: 'All is well.' }]);
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'All is well.' } });
      expect(textOf(events)).toBe('All is well.');
      expect(scene.model.chats()).toHaveLength(2);
      await scene.expectNothingLeft();
    });
  });

  it('reliability 13: a chunk that is no JSON is skipped', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask([{ text: ['All ', 'is well.'], fault: { type: 'garbage', after: 1 } }]);
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'All is well.' } });
      await scene.expectNothingLeft();
    });
  });

  it('reliability 14: a text that the output limit cut is kept and marked as cut', async () => {
    await inScene(async (scene) => {
      const { events, outcome } = await scene.ask([{ text: 'The answer goes on and', finishReason: 'length' }]);
      expect(outcome).toMatchObject({ answer: 'The answer goes on and' });
      expect(events.find(({ type }) => type === 'turn-end')).toMatchObject({ finish: 'length' });
      const { stderr } = await scene.say([{ text: 'The answer goes on and', finishReason: 'length' }]);
      expect(stderr).toContain("cut at the model's output limit");
      await scene.expectNothingLeft();
    });
  });
});

describe('bytes of an answer', { timeout: 60_000 }, () => {
  const text = '检查 pods: 😀 café\r\nline two\n\u2028 "quoted" \\ data: not an event\n';
  const command = "kubectl get pods -l 'app=caf\u00e9 😀'";

  it.each<[string, Wire]>([
    ['CRLF and heartbeats', { newline: '\r\n', heartbeats: true }],
    ['CR, byte by byte', { newline: '\r', packetBytes: 1 }],
    ['a BOM, in packets of 3 bytes', { bom: true, packetBytes: 3 }],
    ['data in several lines, CRLF, in packets of 2 bytes', { multiline: true, newline: '\r\n', packetBytes: 2, heartbeats: true }],
  ])('reliability 15: %s: the same text and the same arguments, exactly', async (_, wire) => {
    await inScene(async (scene) => {
      const { code, events, outcome } = await scene.ask([
        { toolCalls: [{ name: 'kubectl', arguments: { command } }], wire },
        { text: [text.slice(0, 3), text.slice(3, 10), text.slice(10)], wire },
      ]);
      expect({ code, answer: outcome['answer'] }).toEqual({ code: 0, answer: text.trim() });
      expect(textOf(events)).toBe(text);
      expect(JSON.parse(String(events.find(({ type }) => type === 'tool-call')?.['arguments']))).toEqual({ command });
      await scene.expectNothingLeft();
    });
  });
});

describe('an answer that is large', { timeout: 120_000 }, () => {
  type Form = 'text' | 'json' | 'jsonl';
  /** What the program takes for a short answer, in MB. */
  let base: number | undefined;
  /** Less than the row allows, so that a growth is seen early. */
  const most = 150;

  const peakOf = async (turn: ServerTurn, form: Form): Promise<{ readonly peak: number; readonly answer: string }> => {
    let measured = { peak: 0, answer: '' };
    await inScene(async (scene) => {
      scene.model.enqueue(turn);
      const run = await scene.place.start([`--output=${form}`, question], { env: scene.env });
      const peak = peakMegabytes(run.child.pid ?? 0, run.ended);
      const { code, stdout } = await run.ended;
      expect(code).toBe(0);
      measured = { peak: await peak, answer: answerIn(stdout, form) };
      await scene.expectNothingLeft();
    });
    return measured;
  };
  const answerIn = (stdout: string, form: Form): string => {
    if (form === 'text') return stdout.trimEnd();
    if (form === 'json') return JSON.parse(stdout).answer;
    const { events, outcome } = readEvents(stdout);
    expect(textOf(events).trimEnd()).toBe(outcome['answer']);
    return String(outcome['answer']);
  };

  const answers: readonly (readonly [string, ServerTurn, number])[] = [
    ['8 MB in one line', { text: 'x'.repeat(8_000_000) }, 8_000_000],
    ['5 MB of text', { text: Array.from({ length: 500 }, () => 'word '.repeat(2_000)) }, 4_999_999],
    ['20,000 deltas', { text: Array.from({ length: 20_000 }, (_, at) => `${at} `) }, 108_889],
    ['2 MB of reasoning', { reasoning: Array.from({ length: 200 }, () => 'thought '.repeat(1_250)), text: 'Done.' }, 5],
  ];
  const forms: readonly Form[] = ['text', 'json', 'jsonl'];

  it.each(forms.flatMap((form) => answers.map(([name, turn, length]) => [name, form, turn, length] as const)))(
    'reliability 16: %s as %s take far less than 200 MB more, and the history is capped',
    async (_, form, turn, length) => {
      base ??= (await peakOf({ text: 'Short.' }, 'text')).peak;
      const { peak, answer } = await peakOf(turn, form);
      expect(answer).toHaveLength(length);
      expect(peak - base).toBeLessThan(most);
    },
  );

  it('reliability 16: the program stays responsive while 20,000 deltas come: Ctrl-C ends it within a second', async () => {
    await inScene(async (scene) => {
      scene.model.enqueue({ text: Array.from({ length: 20_000 }, (_, at) => `${at} `), fault: { type: 'stall', after: 19_000 } });
      const run = await scene.place.start(['--output=jsonl', question], { env: scene.env });
      await run.shows('5000 ');
      const at = performance.now();
      run.child.kill('SIGINT');
      expect((await run.ended).code).toBe(130);
      expect(performance.now() - at).toBeLessThan(2_000);
      await scene.expectNothingLeft();
    });
  });
});

describe('a call in an answer', { timeout: 60_000 }, () => {
  it('reliability 22: where the model fails for good after a command ran, it ran exactly once', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask(
        [
          { toolCalls: [call('scale deployment web --replicas=2')] },
          { fault: { type: 'status', status: 401, body: { error: { message: 'expired' } } } },
        ],
        { flags: ['--skip-permissions'] },
      );
      expect({ code, type: outcome['type'], ran: await scene.ran() }).toEqual({ code: 1, type: 'failed', ran: ['scale deployment'] });
      await scene.expectNothingLeft();
      expect(await scene.ran()).toEqual(['scale deployment']);
    });
  });

  it('reliability 22: where it fails for a while, it is asked again, and the command is not', async () => {
    await inScene(async (scene) => {
      const { code, outcome } = await scene.ask(
        [
          { toolCalls: [call('scale deployment web --replicas=2')] },
          { fault: { type: 'status', status: 500 } },
          { fault: { type: 'reset', after: 'before-headers' } },
          { text: ['Pod a ', 'is gone'], fault: { type: 'reset', after: 2 } },
          { text: 'Pod a is gone.' },
        ],
        { flags: ['--skip-permissions'] },
      );
      expect({ code, outcome }).toEqual({ code: 0, outcome: { type: 'completed', answer: 'Pod a is gone.' } });
      expect(await scene.ran()).toEqual(['scale deployment']);
      await scene.expectNothingLeft();
    });
  });
});
