import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/index.ts';
import { offlineModel, toolCallsOf } from '../../src/index.ts';
import { collect } from '../../src/testing/index.ts';

const tools = [{ name: 'kubectl', description: '', parameters: { type: 'object' } }];

/** Plays the cluster: answers each command by the first pattern that fits, until the model answers in words. */
async function ask(
  question: string,
  cluster: readonly (readonly [RegExp, string])[],
  failing: RegExp = /^$/,
): Promise<{ answer: string; commands: readonly string[] }> {
  const messages: Message[] = [{ role: 'user', content: question, origin: 'person' }];
  const commands: string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const { finish } = await collect(offlineModel().stream({ messages, tools }));
    messages.push(finish.message);
    const calls = toolCallsOf(finish.message);
    if (calls.length === 0)
      return { answer: finish.message.content.map((part) => (part.type === 'text' ? part.text : '')).join(''), commands };
    for (const call of calls) {
      const { command } = JSON.parse(call.arguments) as { command: string };
      commands.push(command);
      const content = cluster.find(([pattern]) => pattern.test(command))?.[1] ?? 'No resources found';
      messages.push({ role: 'tool', callId: call.id, name: call.name, content, isError: failing.test(command) });
    }
  }
  throw new Error('no answer');
}

const podHeader =
  'NAMESPACE   NAME     OWNERKIND    OWNER            PHASE     READY   WAITING            LAST        NOW      EXIT     MEMORY   IMAGE      LABELS';

describe('offlineModel', () => {
  it('explains a crash by the telling line of the log, and says that it is a set of rules', async () => {
    const pods = `${podHeader}\nshop        pay-1    ReplicaSet   pay-6885bb54c    Running   False   CrashLoopBackOff   Error       <none>   1        <none>   pay:1      map[app:pay]\n`;
    const { answer, commands } = await ask('what is wrong in the shop namespace?', [
      [/^kubectl get pods -n shop/, pods],
      [/^kubectl get nodes/, 'NAME   READY   REASON\nn1     True    KubeletReady\n'],
      [/^kubectl logs pay-1 -n shop --previous/, 'starting\nFATAL could not connect to db: connection refused\nbye\n'],
    ]);
    expect(answer).toContain('**deployment/pay (shop)**: it crashes again and again (exit code 1)');
    expect(answer).toContain('FATAL could not connect to db');
    expect(answer).toContain('answer by rules');
    expect(commands.every((command) => /^kubectl (?:get|logs) /.test(command))).toBe(true);
  });

  it('finds the slip in a selector', async () => {
    const pods = `${podHeader}\nshop        cart-1   ReplicaSet   cart-6885bb54c   Running   True    <none>             <none>      <none>   <none>   <none>   cart:1     map[app:cart tier:back]\n`;
    const { answer } = await ask('shop 命名空间出了什么问题？', [
      [/^kubectl get pods/, pods],
      [/^kubectl get services/, 'NAMESPACE   NAME   TYPE        SELECTOR\nshop        cart   ClusterIP   map[app:crat]\n'],
    ]);
    expect(answer).toContain('它选择 `app=crat`，没有 Pod 匹配；相近的是 `app=cart`');
    expect(answer).toContain(`kubectl patch service cart -n shop -p '{"spec":{"selector":{"app":"cart"}}}'`);
  });

  it('is quiet on what is healthy, and never says so of what it could not read', async () => {
    const { answer } = await ask('what is wrong?', [[/events/, 'Error from server (Forbidden): events is forbidden']], /get events/);
    expect(answer).toContain('Nothing is wrong that my rules can see.');
    expect(answer).toContain('Not checked: events (Error from server (Forbidden): events is forbidden)');
  });

  it('takes a name that nothing has for no all-clear: it says so, and tells what is wrong', async () => {
    const pods = `${podHeader}\nshop        pay-1    ReplicaSet   pay-6885bb54c    Running   False   CrashLoopBackOff   Error       <none>   1        <none>   pay:1      map[app:pay]\n`;
    const cluster = [[/^kubectl get pods/, pods]] as const;
    const { answer } = await ask('why is checkout failing?', cluster);
    expect(answer).toContain('There is nothing here with the name checkout. In all:\n\nOne problem:');
    expect(answer).toContain('**deployment/pay (shop)**');
    expect((await ask('checkout 为什么失败？', cluster)).answer).toContain('这里没有名为 checkout 的对象');
    expect((await ask('why is pay failing?', cluster)).answer).toContain('One problem around pay:');
    const unread = await ask('why is checkout failing?', [[/get services/, 'Error from server (Forbidden)'], ...cluster], /get services/);
    expect(unread.answer).toContain('My rules see nothing wrong with checkout.');
  });

  it('asks for a change as any model does, and tells what came of it', async () => {
    const { answer, commands } = await ask(
      'scale web to 3 in the shop namespace',
      [[/^kubectl scale/, 'not run: the user declined it']],
      /scale/,
    );
    expect(commands).toEqual(['kubectl scale deployments/web --replicas=3 -n shop']);
    expect(answer).toContain('It was not done: not run: the user declined it');
  });

  it('says what it knows where it does not understand', async () => {
    expect((await ask('tell me a joke', [])).answer).toContain('I am a set of rules');
  });
});
