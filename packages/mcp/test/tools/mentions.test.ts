import { expandMentions } from '@kw/mcp';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/json.ts';
import { manager, officialServer } from '../managers.ts';

describe('what a question names of servers', () => {
  it('a resource is put in behind the question, whole and with its name', async () => {
    const made = manager([officialServer('server-everything')]);
    const [first] = await made.upstream('everything').list('resources');
    const uri = textOf(first ?? {}, 'uri') ?? '';
    const text = await expandMentions(`what does @everything:${uri} say?`, made);
    expect(text).toContain(`what does @everything:${uri} say?`);
    expect(text).toMatch(/<resource name="@everything:[\s\S]+<\/resource>$/);
  });

  it('a prompt takes the place of the question, with its arguments', async () => {
    const made = manager([officialServer('server-everything')]);
    const prompts = (await made.upstream('everything').list('prompts')).map((prompt) => textOf(prompt, 'name') ?? '');
    const withArguments = prompts.find((name) => /arg/.test(name)) ?? '';
    const text = await expandMentions(`/everything:${withArguments} city="New York" state=NY`, made);
    expect(text).toContain('New York');
    expect(text).not.toContain('/everything');
  });

  it('other text stays as it is', async () => {
    const made = manager([officialServer('server-everything')]);
    for (const text of ['mail me@everything:x', 'look at @nobody:x', '/unknown:prompt', 'image web@sha256:abc', 'ratio 1:2'])
      expect(await expandMentions(text, made)).toBe(text);
  });
});
