import { KwError, localPrincipal } from '@kw/agent';
import { fakeTool } from '@kw/agent/testing';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../src/language/language.ts';
import { tokensVerifier } from '../src/index.ts';
import { receive, scene } from './scene.ts';

const zh = { headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } };
const han = /\p{Script=Han}/u;

describe('languageOf', () => {
  it.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en-US,en;q=0.9,zh;q=0.1', 'en'],
    ['fr, zh;q=0.4, en;q=0.5', 'en'],
    ['ZH-Hant', 'zh'],
    ['zh;q=0, en', 'en'],
  ] as const)('%s prefers %s', (header, language) => {
    expect(languageOf(header, language === 'en' ? 'zh' : 'en')).toBe(language);
  });

  it.each([null, '', '*', 'fr', 'enormous', 'zh;q=0'])('%s names none: the fallback', (header) => {
    expect(languageOf(header, 'zh')).toBe('zh');
    expect(languageOf(header, 'en')).toBe('en');
  });
});

describe('errors of the API', () => {
  it('are told in the language that the request wants, with the same code', async () => {
    const { fetch, post } = scene();
    const answers = [
      await fetch('/api/v1/runs/nobody.1', zh),
      await fetch('/nothing', zh),
      await fetch('/api/v1/chat', zh),
      await fetch('/api/v1/runs/nobody.1', { headers: { ...zh.headers, origin: 'https://evil.example' } }),
      await post('/api/v1/approvals/s1.x', { decision: 'approve' }, zh),
      await post('/api/v1/chat', {}, zh),
    ];
    const errors = await Promise.all(answers.map(async (answer) => (await answer.json()).error));
    expect(errors.map(({ code }) => code)).toEqual([
      'unknown-run',
      'not-found',
      'method-not-allowed',
      'wrong-origin',
      'unknown-approval',
      'bad-request',
    ]);
    for (const { message } of errors) expect(message).toMatch(han);
    expect(errors[0].message).toContain('nobody.1');
    expect(errors[5].message).toContain('query');
    const english = await (await fetch('/api/v1/runs/nobody.1')).json();
    expect(english.error).toEqual({ code: 'unknown-run', message: 'There is no run nobody.1.' });
  });

  it('a refusal for want of a scope names it and the way out', async () => {
    const caller = { principal: { issuer: 'token', subject: 'dashboard' }, scopes: ['read'] } as const;
    const { post } = scene({ auth: { verify: tokensVerifier([{ token: 'secret', caller }]) } });
    const headers = { ...zh.headers, authorization: 'Bearer secret' };
    const { error } = await (await post('/api/v1/chat', { query: 'x' }, { headers })).json();
    expect(error).toEqual({
      code: 'missing-scope',
      message: '此令牌不能提问和修改会话：它没有权限 "chat"。请使用有此权限的令牌，或请服务的管理员添加。',
    });
  });

  it('a sentence that travels with a failure is taken before that of its code', async () => {
    const admit = async (): Promise<never> => {
      throw new KwError('stopped', 'Everything is stopped.', { details: { zh: '全部停止。' } });
    };
    const { post } = scene({ parts: { gate: { admit, checkRunning: async () => undefined } } });
    expect((await (await post('/api/v1/chat', { query: 'x' }, zh)).json()).error).toEqual({ code: 'stopped', message: '全部停止。' });
    expect((await (await post('/api/v1/chat', { query: 'x' })).json()).error).toEqual({
      code: 'stopped',
      message: 'Everything is stopped.',
    });
  });

  it('how a run failed is told so too, in answers and in streams', async () => {
    const turns = Array.from({ length: 3 }, () => ({ text: 'no', error: new KwError('rate-limited', 'rate limited (deepseek)') }));
    const { post } = scene({ turns });
    const answer = await (await post('/api/v1/chat', { query: 'x', session_id: 's1' }, zh)).json();
    const stream = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's2' }, zh));
    for (const error of [answer.error, stream.at(-1)?.data['error']])
      expect(error).toEqual({ code: 'rate-limited', message: '模型提供商限流，请稍后再试（rate limited (deepseek)）' });
  });

  it('what a service that speaks Chinese has logged is told in English where that is wanted', async () => {
    const turns = [{ text: 'no', error: new KwError('rate-limited', '请求过于频繁（deepseek）') }];
    const { post } = scene({ turns });
    const answer = await (await post('/api/v1/chat', { query: 'x' }, { headers: { 'accept-language': 'en' } })).json();
    expect(answer.error.message).toBe("The model's provider limits requests. Try again later. (请求过于频繁（deepseek）)");
  });

  it('why something is asked is told so, too', async () => {
    const turns = [{ text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'web' } }] }];
    const tools = [fakeTool({ name: 'change', effect: 'write' })];
    const { post, fetch } = scene({ turns, tools, parts: { reasonIn: (reason, language) => `${language}: ${reason}` } });
    const reasonsOf = (approval: unknown): unknown => Reflect.get(Object(approval), 'reasons');
    const stream = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }, zh));
    const run = await (await fetch('/api/v1/runs/s1.1')).json();
    expect(reasonsOf(stream.at(-1)?.data['approval'])).toContainEqual(expect.stringMatching(/^zh: /));
    expect(reasonsOf(run.approval)).toContainEqual(expect.stringMatching(/^en: /));
  });

  it('an answer that comes too late is refused so', async () => {
    const turns = [{ text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'web' } }] }, { text: 'Done.' }];
    const { post } = scene({ turns, tools: [fakeTool({ name: 'change', effect: 'write' })], auth: { local: localPrincipal } });
    const { approval } = await (await post('/api/v1/chat', { query: 'x', session_id: 's1' })).json();
    await post(`/api/v1/approvals/${approval.id}`, { decision: 'deny' });
    const late = await (await post(`/api/v1/approvals/${approval.id}`, { decision: 'approve' }, zh)).json();
    expect(late.error).toEqual({ code: 'already-answered', message: '此审批已有答复。' });
  });
});
