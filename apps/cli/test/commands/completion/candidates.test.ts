import { describe, expect, it } from 'vitest';
import { options } from '@kw/runtime';
import { candidatesFor } from '../../../src/commands/completion/candidates.ts';
import type { CompletionSources } from '../../../src/commands/completion/candidates.ts';
import { commands } from '../../../src/commands/table.ts';

const sources: CompletionSources = {
  sessions: async () => [{ value: 'session_2', meaning: 'why is it slow?' }, { value: 'session_1' }],
  contexts: async () => [{ value: 'dev' }, { value: 'prod' }],
  mcpServers: async () => [{ value: 'docs' }],
  providers: async () => ['gateway'],
};

async function values(...words: readonly string[]): Promise<readonly string[]> {
  return (await candidatesFor(words, 'en', sources)).candidates.map(({ value }) => value);
}

describe('candidatesFor', () => {
  it('begins with the commands', async () => {
    expect(await values('')).toEqual(commands.filter(({ hidden }) => hidden !== true).map(({ name }) => name));
    expect(await values('do')).toEqual(['doctor']);
    expect(await values('--quiet', 'mod')).toEqual(['models']);
  });

  it('knows every flag of the table, and those of the command', async () => {
    const all = await values('--');
    const flags = options.filter(({ key, flag }) => flag !== false && key.length > 1).map(({ key }) => `--${key}`);
    expect(flags.filter((flag) => !all.includes(flag))).toEqual([]);
    expect(all).not.toContain('--json');
    expect(await values('doctor', '--j')).toEqual(['--json']);
  });

  it('knows the values of a flag, beside it and behind =', async () => {
    expect(await values('--permissions', 'ask')).toEqual(['ask-writes', 'ask-all']);
    expect(await values('--permissions=ask')).toEqual(['--permissions=ask-writes', '--permissions=ask-all']);
    expect(await values('--llm-provider', 'ga')).toEqual(['gateway']);
    expect(await values('--context=')).toEqual(['--context=dev', '--context=prod']);
    expect(await values('--resume-session', 's')).toEqual(['session_2', 'session_1']);
    expect(await values('--quiet=')).toEqual(['--quiet=true', '--quiet=false']);
  });

  it('knows the values of a command’s own flag, also where it stands in the place of an option', async () => {
    expect(await values('diagnose', '-o', '')).toEqual(['table', 'json', 'markdown']);
    expect(await values('-o', '')).toEqual(['text', 'json', 'jsonl']);
    expect(await values('diagnose', '--fail-on=c')).toEqual(['--fail-on=critical']);
  });

  it('knows the models of the provider that is named', async () => {
    expect(await values('--llm-provider=qwen', '--model', 'qwen-t')).toContain('qwen-turbo');
    expect(await values('--llm-provider', 'deepseek', '--model=qwen')).toEqual([]);
    expect(await values('--model', 'deepseek-c')).toContain('deepseek-chat');
  });

  it('knows subcommands and sessions', async () => {
    expect(await values('sessions', 's')).toEqual(['show']);
    expect(await values('sessions', 'show', '')).toEqual(['latest', 'session_2', 'session_1']);
    expect(await values('sessions', 'delete', 'session_1', 'session_2')).toEqual(['session_2']);
    expect(await values('sessions', 'rename', 'session_1', '')).toEqual([]);
    expect(await values('resume', 's')).toEqual(['session_2', 'session_1']);
    expect(await values('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await values('help', 'conf')).toEqual(['config']);
    expect(await values('mcp', 'test', '')).toEqual(['docs']);
  });

  it('offers files where a flag takes one, and nothing in a question', async () => {
    expect(await candidatesFor(['--kubeconfig', ''], 'en', sources)).toEqual({ candidates: [], files: true });
    expect(await candidatesFor(['why', 'is'], 'en', sources)).toEqual({ candidates: [], files: false });
    expect(await candidatesFor(['--', 'mod'], 'en', sources)).toEqual({ candidates: [], files: false });
  });
});
