import { describe, expect, it } from 'vitest';
import { flagTable, parseArguments } from '../src/args.ts';

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

  it('takes what follows -- for a question, whatever it says', () => {
    expect(parseArguments(['--quiet', '--', 'version'])).toMatchObject({ command: 'ask', words: ['version'], isQuestion: true });
  });

  it('S149: reads -v=2, -v 2 and -v2, and -nshop as kubectl does', () => {
    for (const argv of [['-v=2'], ['-v', '2'], ['-v2'], ['--v=2'], ['--verbosity=2']])
      expect(parseArguments(argv).flags).toEqual({ v: '2' });
    expect(parseArguments(['-nshop']).flags).toEqual({ namespace: 'shop' });
    expect(() => parseArguments(['-x'])).toThrow('unknown flag -x');
  });

  it('collects repeated flags of lists; of others the last one wins', () => {
    expect(parseArguments(['--tools-config=a', '--custom-tools-config=b', '--model=x', '--model=y']).flags).toEqual({
      'tools-config': ['a', 'b'],
      model: 'y',
    });
  });

  it('keeps flags of a command to their command', () => {
    expect(parseArguments(['sessions', 'delete', 'x', '--yes'])).toMatchObject({ command: 'sessions', words: ['delete', 'x'] });
    expect(() => parseArguments(['docter', '--json'])).toThrow('did you mean doctor?');
    expect(() => parseArguments(['why?', '--yes'])).toThrow('--yes is a flag of init, sessions');
  });

  it('helps with a command that is named in either order', () => {
    expect(parseArguments(['sessions', '--help'])).toMatchObject({ command: 'help', words: ['sessions'] });
    expect(parseArguments(['help', 'doctor'])).toMatchObject({ command: 'help', words: ['doctor'] });
    expect(() => parseArguments(['sessions', 'lst'])).toThrow('did you mean list?');
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

  it.each([
    ['--endpoint=http://x', '--llm-provider=vllm://'],
    ['--api-key=sk-0', 'init'],
    ['--provider=qwen', '--llm-provider'],
    ['-y', '--permissions'],
    ['--dry-run', '--permissions=suggest'],
    ['--verbose', '-v=2'],
  ])('%s, a flag of other programs, is told what it is called here', (flag, wayOut) => {
    expect(() => parseArguments([flag, 'x'])).toThrow(wayOut);
    expect(() => parseArguments([flag, 'x'])).not.toThrow('sk-0');
    for (const [, named] of wayOut.matchAll(/^(--[a-z-]+)/g)) expect([...flagTable().keys()]).toContain(named);
  });
});
