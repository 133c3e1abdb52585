import type { McpManager } from '../client/manager.ts';
import type { Upstream } from '../client/upstream.ts';
import { isRecord, jsonObject, recordsOf } from '../json.ts';
import { itemText, resourceText } from './result-text.ts';

/** A resource in the middle of a question, such as `@docs:file:///runbook.md`. */
const resource = /(?<![\w@])@([\w.-]+):(\S*[^\s.,;!?)])/g;
/** A prompt at its beginning, such as `/tickets:summary id=7 style="short"`. */
const prompt = /^\/([\w.-]+):([\w.-]+)(?:\s+([\s\S]*))?$/;
const argument = /([\w-]+)=(?:"([^"]*)"|(\S+))/g;
const maxResourceUnits = 100_000;

/** Puts in what a question names of servers: prompts (`/server:prompt name=value`) and resources (`@server:uri`). Other text stays as it is. Throws KwError `mcp-failed`. */
export async function expandMentions(text: string, manager: McpManager, signal?: AbortSignal): Promise<string> {
  const find = (name: string | undefined): Upstream | undefined => manager.upstreams.find(({ config }) => config.name === name);
  const options = signal === undefined ? {} : { signal };
  const [, server, name, rest = ''] = prompt.exec(text.trim()) ?? [];
  const prompter = find(server);
  if (prompter !== undefined && name !== undefined) {
    const given = Object.fromEntries([...rest.matchAll(argument)].map(([, key = '', quoted, bare]) => [key, quoted ?? bare ?? '']));
    const result = await prompter.request('prompts/get', { name, arguments: given }, options);
    const parts = recordsOf(result['messages']).map(({ content }) => (isRecord(content) ? itemText(jsonObject(content)) : ''));
    const free = rest.replaceAll(argument, '').trim();
    return [...parts, free].filter((part) => part !== '').join('\n\n');
  }
  const named = [...text.matchAll(resource)].flatMap(([whole, owner, uri = '']) => {
    const upstream = find(owner);
    return upstream === undefined ? [] : [{ whole, uri, upstream }];
  });
  const contents = await Promise.all(
    named.map(async ({ whole, uri, upstream }) => {
      const result = await upstream.request('resources/read', { uri }, options);
      const content = recordsOf(result['contents']).map(resourceText).join('\n');
      const shown = content.length > maxResourceUnits ? `${content.slice(0, maxResourceUnits)}\n[cut]` : content;
      return `<resource name=${JSON.stringify(whole)}>\n${shown}\n</resource>`;
    }),
  );
  return [text, ...contents].join('\n\n');
}
