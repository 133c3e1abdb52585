import { fairSlots, memoryOutputStore, memorySessionStore, type TakeSlot } from '@kw/agent';
import { expect, it } from 'vitest';
import { call, cluster, connected, pathWithKubectl } from './client.ts';
import { serveHttp } from './serving.ts';

const read = { command: 'kubectl get namespace shop -o name' };
const write = { command: 'kubectl create configmap one -n shop' };

async function serving(takePlace: TakeSlot): Promise<string> {
  const { kubeconfigPath } = await cluster();
  const house = { actsForOthers: true, sessions: memorySessionStore(), outputs: memoryOutputStore(), takePlace };
  return (await serveHttp({ house, env: { KUBECONFIG: kubeconfigPath, PATH: pathWithKubectl() } })).url;
}

it('a call beside the service waits for one of its places', async () => {
  const take = fairSlots(1);
  const asked: string[] = [];
  const url = await serving((wish, signal) => {
    asked.push(wish.tool);
    return take(wish, signal);
  });
  const client = await connected(url);
  const leave = await take({ tool: 'kubectl', session: 'one', by: { issuer: 'token', subject: 'ann' } }, new AbortController().signal);
  let answered = false;
  const answer = call(client, 'kubectl', read).finally(() => {
    answered = true;
  });
  await expect.poll(() => asked, { timeout: 15_000 }).toEqual(['kubectl']);
  await client.ping();
  expect(answered).toBe(false);
  leave();
  expect((await answer).text).toBe('namespace/shop');
});

it('a question to a person holds no place', async () => {
  const came = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<'accept'>();
  const client = await connected(await serving(fairSlots(1)), {
    elicit: () => {
      came.resolve(undefined);
      return answer.promise;
    },
  });
  const writing = call(client, 'kubectl', write);
  await came.promise;
  expect((await call(client, 'kubectl', read)).text).toBe('namespace/shop');
  answer.resolve('accept');
  expect((await writing).text).toContain('configmap/one created');
});
