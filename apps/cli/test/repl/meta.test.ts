import { describe, expect, it } from 'vitest';
import { metaNames, parseLine } from '../../src/commands/repl/meta.ts';

describe('a line of the conversation', () => {
  it.each(metaNames)('%s alone is a command, with a slash, too', (name) => {
    expect(parseLine(name)).toEqual({ type: 'meta', name, argument: '' });
    expect(parseLine(` /${name} `)).toEqual({ type: 'meta', name, argument: '' });
  });

  it.each([
    ['model deepseek-reasoner', 'model', 'deepseek-reasoner'],
    ['model qwen/qwen3:32b', 'model', 'qwen/qwen3:32b'],
    ['resume latest', 'resume', 'latest'],
    ['resume session_17', 'resume', 'session_17'],
    ['resume 1764', 'resume', '1764'],
    ['revoke 2', 'revoke', '2'],
    ['show 3', 'show', '3'],
    ['show #3 all', 'show', '#3 all'],
    ['show 3 /Back-off restarting', 'show', '3 /Back-off restarting'],
    ['show thinking', 'show', 'thinking'],
    ['/model anything goes', 'model', 'anything goes'],
    ['?', 'help', ''],
  ])('%s is one with an argument', (line, name, argument) => {
    expect(parseLine(line)).toEqual({ type: 'meta', name, argument });
  });

  it.each([
    'status of the shop',
    'reset the password of the database',
    'tools?',
    'show pods',
    'show me 3 pods',
    'resume the rollout of web',
    'model the traffic',
    'help me with checkout',
    'clear all failed jobs',
    'exit code 137, why?',
    '/etc/hosts is empty in web-1, why?',
    'why?',
  ])('%s is a question', (line) => {
    expect(parseLine(line)).toEqual({ type: 'question', text: line });
  });

  it('says what is near to a command that is not there', () => {
    expect(parseLine('/statsu')).toEqual({ type: 'unknown', word: 'statsu', near: 'status' });
    expect(parseLine('/frobnicate')).toEqual({ type: 'unknown', word: 'frobnicate' });
  });

  it('nothing is nothing', () => {
    expect(parseLine(' \n ')).toEqual({ type: 'empty' });
  });
});
