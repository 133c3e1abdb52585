import { fakeTool } from '@kw/agent/testing';
import { expect, it } from 'vitest';
import * as v from 'valibot';
import {
  approvalAnswerResponseSchema,
  chatResponseSchema,
  errorSchema,
  healthSchema,
  modelsSchema,
  runResponseSchema,
  streamEventSchema,
} from '../src/response-schemas.ts';
import { receive, scene } from './scene.ts';

it('the OpenAPI document describes every route with its bodies', async () => {
  const { fetch } = scene({ drive: false });
  const document = await (await fetch('/api/v1/openapi.json')).json();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths).toSorted()).toEqual([
    '/api/v1/approvals/{id}',
    '/api/v1/chat',
    '/api/v1/chat/stream',
    '/api/v1/contexts',
    '/api/v1/health',
    '/api/v1/kill-switch',
    '/api/v1/models',
    '/api/v1/namespaces',
    '/api/v1/runs/{id}',
    '/api/v1/runs/{id}/cancel',
    '/api/v1/runs/{id}/stream',
    '/api/v1/sessions',
    '/api/v1/sessions/{id}',
    '/api/v1/sessions/{id}/events',
    '/api/v1/sessions/{id}/outputs/{output}',
    '/api/v1/status',
    '/api/v1/tools',
  ]);
  const chat = document.paths['/api/v1/chat'].post;
  expect(chat.requestBody.content['application/json'].schema.properties).toHaveProperty('query');
  expect(chat.responses['200'].content['application/json'].schema.properties).toHaveProperty('response');
  expect(JSON.stringify(document)).not.toContain('undefined');
});

it('the reference is a page without a script that tells every route', async () => {
  const { fetch } = scene({ drive: false });
  const answer = await fetch('/api/v1/docs');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const page = await answer.text();
  expect(page).toContain('<code>POST /api/v1/chat</code>');
  expect(page).toContain('<code>GET /api/v1/sessions/{id}/events</code>');
  expect(page).not.toMatch(/<script|style=|undefined/);
});

it('what the API sends is what its schemas say', async () => {
  const change = fakeTool({ name: 'change', effect: 'write' });
  const turns = [{ reasoning: 'hm', text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'Done.' }];
  const { post, fetch } = scene({ turns, tools: [change] });
  const asked = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }));
  const approval = v.parse(streamEventSchema, asked.at(-1)?.data).approval;
  v.parse(runResponseSchema, await (await fetch('/api/v1/runs/s1.1')).json());
  v.parse(approvalAnswerResponseSchema, await (await post(`/api/v1/approvals/${approval?.id}`, { decision: 'approve' })).json());
  v.parse(runResponseSchema, await (await fetch('/api/v1/runs/s1.1?wait=20s')).json());
  for (const { data } of await receive(await fetch('/api/v1/runs/s1.1/stream'))) v.parse(streamEventSchema, data);
  v.parse(approvalAnswerResponseSchema, await (await post(`/api/v1/approvals/${approval?.id}`, { decision: 'deny' })).json());
  v.parse(chatResponseSchema, await (await post('/api/v1/chat', { query: 'x' })).json());
  v.parse(healthSchema, await (await fetch('/api/v1/health')).json());
  v.parse(modelsSchema, await (await fetch('/api/v1/models')).json());
  v.parse(errorSchema, await (await fetch('/nowhere')).json());
});
