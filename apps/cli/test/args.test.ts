import { describe, expect, it } from 'vitest';
import { parseArguments } from '../src/args.ts';

describe('parseArguments', () => {
  it('S1: takes one positional argument as the question', () => {
    expect(parseArguments(['why is checkout failing?'])).toEqual({
      command: 'ask',
      words: ['why is checkout failing?'],
      flags: {},
      own: new Map(),
    });
  });

  it('takes flags before and after the question, with = and with a space', () => {
    const { flags, words } = parseArguments(['--model=m1', 'get pods', '--llm-provider', 'vllm', '-n', 'shop', '--quiet']);
    expect({ flags, words }).toEqual({
      flags: { model: 'm1', 'llm-provider': 'vllm', namespace: 'shop', quiet: true },
      words: ['get pods'],
    });
  });

  it("reads switches as Go's flag package does", () => {
    expect(parseArguments(['--quiet=true', '--skip-permissions=false', 'x']).flags).toEqual({ quiet: 'true', 'skip-permissions': 'false' });
  });

  it('does not let a switch swallow the question', () => {
    expect(parseArguments(['--quiet', 'get pods']).words).toEqual(['get pods']);
  });

  it('accepts _ for - in flags, and -- ends them', () => {
    expect(parseArguments(['--llm_provider=openai', '--', '--model']).flags).toEqual({ 'llm-provider': 'openai' });
    expect(parseArguments(['--', '--model']).words).toEqual(['--model']);
  });

  it.each([['version'], ['models'], ['model'], ['help'], ['resume'], ['demo']] as const)('takes the lone word %s as a command', (word) => {
    expect(parseArguments([word]).command).toBe(word);
  });

  it('takes a sentence that begins with a command word as a question', () => {
    expect(parseArguments(['version', 'of', 'the', 'cluster']).command).toBe('ask');
    expect(parseArguments(['models are slow'])).toMatchObject({ command: 'ask', words: ['models are slow'] });
  });

  it('gives resume and demo their words', () => {
    expect(parseArguments(['resume', 'session_1'])).toMatchObject({ command: 'resume', words: ['session_1'] });
    expect(parseArguments(['demo', 'what is wrong?'])).toMatchObject({ command: 'demo', words: ['what is wrong?'] });
  });

  it.each([['--version'], ['--help'], ['-h']])('%s wins over the question', (flag) => {
    expect(parseArguments(['get pods', flag]).command).toBe(flag === '--version' ? 'version' : 'help');
  });

  it('names the nearest flag of an unknown one', () => {
    expect(() => parseArguments(['--modle=x'])).toThrow('unknown flag --modle; did you mean --model?');
    expect(() => parseArguments(['--model'])).toThrow('--model needs a value');
  });

  it('never reads secrets from flags', () => {
    expect(() => parseArguments(['--auth-token=abc'])).toThrow('unknown flag --auth-token');
  });
});
