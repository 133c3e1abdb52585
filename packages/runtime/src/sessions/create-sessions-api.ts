import type { OutputStore, Principal, Redactor, SessionInfo, SessionStore, StoredEntry } from '@kw/agent';
import { roleIn, samePrincipal } from '@kw/agent';
import { membersOf } from './members.ts';
import { bilingualError } from '../bilingual-error.ts';
import { loadReasons } from '../reasons.ts';
import { givenGrants } from './given-grants.ts';
import { isAsking } from './is-asking.ts';
import { isBusy } from './open-run.ts';
import type { SessionDetail, SessionsApi, SessionSummary } from './sessions-api.ts';
import { sumOf, transcriptOf } from './transcript.ts';

/** What the sessions of a person are made of. */
export interface SessionsOptions {
  readonly store: SessionStore;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  readonly by: Principal;
  /** Of hand-overs. */
  readonly language: 'en' | 'zh';
}

const defaultListed = 50;
/** So many of the latest sessions are looked through for a name or a word. */
const lookedThrough = 10_000;
const pageSize = 1_000;
const maxTitleCharacters = 80;
const maxNameCharacters = 200;
const namedWhenAmbiguous = 5;

/** Makes the sessions of one person over a store. */
export function createSessionsApi({ store, outputs, redactor, by, language }: SessionsOptions): SessionsApi {
  const firstOf = (info: SessionInfo): Promise<readonly StoredEntry[]> => store.read(info.id, { after: 0, limit: 1 });
  const summaryOf = async (info: SessionInfo, entries: readonly StoredEntry[]): Promise<SessionSummary> => ({
    ...factsOf(info, entries, by),
    status: (await isAsking(store, info)) ? 'waiting' : info.work.type === 'none' ? 'idle' : 'open',
  });
  const summarize = async (info: SessionInfo): Promise<SessionSummary> => summaryOf(info, await firstOf(info));
  const infoOf = (name: string): Promise<SessionInfo> => findSession(name, store, by);
  const ownOf = async (name: string): Promise<SessionInfo> => {
    const info = await infoOf(name);
    if (samePrincipal(info.owner, by)) return info;
    const words = {
      en: `session ${info.id} belongs to somebody else, who alone may change it`,
      zh: `会话 ${info.id} 属于他人，只有其所有者可更改`,
    };
    throw bilingualError('forbidden', words, { details: { session: info.id } });
  };
  const show = async (name: string): Promise<SessionDetail> => {
    const info = await infoOf(name);
    const entries = await readAll(store, info.id);
    const runs = transcriptOf(entries);
    const usage = runs.map((run) => run.usage).reduce(sumOf, { inputTokens: 0, outputTokens: 0 });
    return { ...(await summaryOf(info, entries)), work: info.work, runs, grants: givenGrants(entries), usage };
  };
  return {
    list: async ({ limit = defaultListed, search } = {}) => {
      if (search === undefined || search.trim() === '') return Promise.all((await store.list(by, { limit, shared: true })).map(summarize));
      const wanted = search.trim().toLowerCase();
      const found: SessionSummary[] = [];
      for (const info of await store.list(by, { limit: lookedThrough, shared: true })) {
        const entries = await firstOf(info);
        const { title } = factsOf(info, entries, by);
        const fits = `${info.id}\n${title}\n${questionOf(entries)}`.toLowerCase().includes(wanted);
        if (fits) found.push(await summaryOf(info, entries));
        if (found.length === limit) break;
      }
      return found;
    },
    find: async (name) => summarize(await infoOf(name)),
    show,
    rename: async (name, title) => {
      const { id } = await ownOf(name);
      const line = oneLine(redactor.text(title), maxNameCharacters);
      if (line === '') throw bilingualError('bad-usage', { en: 'the new name is empty; give it some words', zh: '新名称为空；请输入文字' });
      await store.rename(id, line);
      return summarize(await infoOf(id));
    },
    share: async (name, people) => {
      const info = await ownOf(name);
      await store.share(info.id, membersOf(info, people));
      return summarize(await infoOf(info.id));
    },
    delete: async (name) => {
      const info = await ownOf(name);
      if (await isBusy(store, info.id))
        throw bilingualError(
          'session-busy',
          {
            en: `session ${info.id} is being used by another process; end it first`,
            zh: `会话 ${info.id} 正被另一个进程使用；请先结束该进程`,
          },
          { details: { session: info.id } },
        );
      const summary = await summarize(info);
      await outputs.delete(info.id);
      await store.delete(info.id);
      return summary;
    },
    export: async (name, format) => {
      const { exportSession } = await import('./export.ts');
      return exportSession(await show(name), format, { redactor, language, reasons: await loadReasons(language) });
    },
  };
}

async function findSession(name: string, store: SessionStore, by: Principal): Promise<SessionInfo> {
  if (name === 'latest') {
    const [latest] = await store.list(by, { limit: 1 });
    if (latest === undefined)
      throw bilingualError('unknown-session', { en: 'there are no sessions yet', zh: '还没有任何会话' }, { details: { session: name } });
    return latest;
  }
  const exact = await store.get(name);
  if (exact !== undefined && roleIn(exact, by) !== undefined) return exact;
  const fitting = name === '' ? [] : (await store.list(by, { limit: lookedThrough, shared: true })).filter(({ id }) => fits(id, name));
  const [only] = fitting;
  if (only === undefined)
    throw bilingualError(
      'unknown-session',
      { en: `there is no session ${name}; see \`kubelet-wuhrai sessions\``, zh: `没有会话 ${name}；请查看 \`kubelet-wuhrai sessions\`` },
      { details: { session: name } },
    );
  if (fitting.length === 1) return only;
  const names = fitting.slice(0, namedWhenAmbiguous).map(({ id }) => id);
  const more = fitting.length > names.length ? ` and ${fitting.length - names.length} more` : '';
  throw bilingualError(
    'ambiguous-session',
    {
      en: `${name} fits ${names.join(', ')}${more}; write more of the name`,
      zh: `${name} 对应 ${names.join('、')}${fitting.length > names.length ? `等 ${fitting.length} 个会话` : ''}；请写出更多字符`,
    },
    { details: { session: name, candidates: names.join(' ') } },
  );
}

/** `session_1764` and `1764` both name session_1764.... */
function fits(id: string, name: string): boolean {
  return id.startsWith(name) || id.startsWith(`session_${name}`);
}

function factsOf(info: SessionInfo, entries: readonly StoredEntry[], by: Principal): Omit<SessionSummary, 'status'> {
  const { id, title, createdAt, updatedAt, members = [] } = info;
  return {
    id,
    title: title ?? oneLine(questionOf(entries), maxTitleCharacters),
    isNamed: title !== undefined,
    createdAt,
    updatedAt,
    role: roleIn(info, by) ?? 'viewer',
    owner: info.owner,
    members,
  };
}

function questionOf(entries: readonly StoredEntry[]): string {
  for (const { entry } of entries) if (entry.type === 'run-start') return entry.message.content;
  return '';
}

function oneLine(text: string, maxCharacters: number): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= maxCharacters ? line : `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

async function readAll(store: SessionStore, session: string): Promise<readonly StoredEntry[]> {
  const all: StoredEntry[] = [];
  for (;;) {
    const page = await store.read(session, { after: all.at(-1)?.seq ?? 0, limit: pageSize });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
