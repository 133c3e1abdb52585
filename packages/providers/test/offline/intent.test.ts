import { describe, expect, it } from 'vitest';
import { parseIntent } from '../../src/offline/intent.ts';

const shop = { type: 'namespace', name: 'shop' };
const here = { type: 'default' };

describe('parseIntent', () => {
  it.each([
    ['what is wrong in the shop namespace?', { type: 'wrong', place: shop }],
    ["what's broken?", { type: 'wrong', place: here }],
    ['shop 命名空间出了什么问题？', { type: 'wrong', place: shop }],
    ['are there any problems in all namespaces?', { type: 'wrong', place: { type: 'all' } }],
    ['why is checkout failing?', { type: 'wrong', place: here, name: 'checkout' }],
    ['why is the payments deployment failing in namespace shop', { type: 'wrong', place: shop, name: 'payments' }],
    ['为什么 checkout 一直失败？', { type: 'wrong', place: here, name: 'checkout' }],
    ['why is my pod not running?', { type: 'wrong', place: here }],
    ['list the pods', { type: 'list', place: here, resource: 'pods' }],
    ['show all deployments in the shop namespace', { type: 'list', place: shop, resource: 'deployments' }],
    ['which services are there in namespace shop', { type: 'list', place: shop, resource: 'services' }],
    ['列出所有命名空间的 pod', { type: 'list', place: { type: 'all' }, resource: 'pods' }],
    ['列出部署', { type: 'list', place: here, resource: 'deployments' }],
    ['describe deployment nginx', { type: 'describe', place: here, resource: 'deployments', name: 'nginx' }],
    ['logs of web', { type: 'logs', place: here, resource: 'deployments', name: 'web' }],
    ['show me the logs from pod web-1 in namespace shop', { type: 'logs', place: shop, resource: 'pods', name: 'web-1' }],
    ['web 的日志', { type: 'logs', place: here, resource: 'deployments', name: 'web' }],
    ['show events in namespace shop', { type: 'events', place: shop }],
    ['scale web to 3 replicas', { type: 'scale', place: here, resource: 'deployments', name: 'web', replicas: 3 }],
    [
      'scale the statefulset db to 2 in the shop namespace',
      { type: 'scale', place: shop, resource: 'statefulsets', name: 'db', replicas: 2 },
    ],
    ['把 web 扩到 5 个副本', { type: 'scale', place: here, resource: 'deployments', name: 'web', replicas: 5 }],
    ['restart deployment cart', { type: 'restart', place: here, resource: 'deployments', name: 'cart' }],
    ['重启 cart', { type: 'restart', place: here, resource: 'deployments', name: 'cart' }],
    ['delete pod web-1', { type: 'delete', place: here, resource: 'pods', name: 'web-1' }],
    ['删除 pod web-1', { type: 'delete', place: here, resource: 'pods', name: 'web-1' }],
    ['delete everything', { type: 'unknown' }],
    ['tell me a joke', { type: 'unknown' }],
  ])('%s', (question, intent) => {
    expect(parseIntent(question)).toEqual(intent);
  });
});
