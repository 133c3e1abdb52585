import type { Cause } from './cause.ts';

type Causes = { readonly [T in Cause['type']]: (cause: Cause) => string };

/** Every sentence of the offline model, in one language. */
export interface Words {
  readonly notUnderstood: string;
  readonly refused: (message: string) => string;
  readonly done: (message: string) => string;
  readonly absent: (name: string) => string;
  readonly nothingWrong: (name: string | undefined) => string;
  readonly found: (count: number, name: string | undefined) => string;
  readonly unread: (what: string) => string;
  readonly partial: string;
  readonly fix: string;
  readonly causes: Causes;
  readonly signature: string;
  readonly stopped: string;
}

function fact(cause: Cause, key: string): string {
  return cause.facts[key] ?? '?';
}

const english: Words = {
  notUnderstood:
    'I am a set of rules, not a language model, and did not understand the question. I know: list, show, describe, logs, events, why is X failing, what is wrong, scale X to N, restart X, delete KIND X; each with "in the NAME namespace".',
  refused: (message) => `It was not done: ${message}`,
  done: (message) => `Done: ${message}`,
  absent: (name) => `There is nothing here with the name ${name}. In all:`,
  nothingWrong: (name) => (name === undefined ? 'Nothing is wrong that my rules can see.' : `My rules see nothing wrong with ${name}.`),
  found: (count, name) => `${count === 1 ? 'One problem' : `${count} problems`}${name === undefined ? '' : ` around ${name}`}:`,
  unread: (what) => `Not checked: ${what}`,
  partial: 'Some lists were too long to be read whole; there may be more.',
  fix: 'try:',
  causes: {
    image: (cause) => `the image \`${fact(cause, 'image')}\` cannot be pulled`,
    memory: (cause) => `it is killed for using more memory than its limit of ${fact(cause, 'limit')}`,
    crash: (cause) => `it crashes again and again (exit code ${fact(cause, 'exit')})`,
    config: () => 'its container cannot be set up: something that it refers to is missing',
    unschedulable: () => 'no node can take its pods',
    probe: () => 'its pods run but their probe fails, so they get no traffic',
    waiting: (cause) => `its container waits: ${fact(cause, 'reason')}`,
    quota: () => 'its pods may not be made',
    selector: (cause) => `it selects \`${fact(cause, 'selector')}\`, which no pod has; \`${fact(cause, 'near')}\` is near`,
    endpoints: (cause) => `it selects \`${fact(cause, 'selector')}\`, and no pod with that is there`,
    claim: (cause) => `the claim is not bound: the storage class ${fact(cause, 'class')} does not exist`,
    pending: () => 'the claim is not bound',
    notReady: () => 'its pods are not ready',
    node: (cause) => `the node is not ready (${fact(cause, 'reason')})`,
  },
  signature: '*This is an answer by rules, made without a language model.*',
  stopped: 'I have no more requests left; this is what was found so far.',
};

const chinese: Words = {
  notUnderstood:
    '我是一组规则，不是语言模型，没有理解这个问题。我能处理：列出、查看、描述、日志、事件、为什么 X 失败、出了什么问题、把 X 扩到 N、重启 X、删除 类型 X；都可以加上“NAME 命名空间”。',
  refused: (message) => `没有执行：${message}`,
  done: (message) => `已完成：${message}`,
  absent: (name) => `这里没有名为 ${name} 的对象。总体情况：`,
  nothingWrong: (name) => (name === undefined ? '我的规则没有发现问题。' : `我的规则没有发现 ${name} 有问题。`),
  found: (count, name) => `${name === undefined ? '' : `与 ${name} 有关，`}共发现 ${count} 个问题：`,
  unread: (what) => `未检查：${what}`,
  partial: '部分列表过长，没有读完，可能还有其他问题。',
  fix: '可以尝试：',
  causes: {
    image: (cause) => `镜像 \`${fact(cause, 'image')}\` 无法拉取`,
    memory: (cause) => `内存超过上限 ${fact(cause, 'limit')}，被终止（OOMKilled）`,
    crash: (cause) => `不断崩溃（退出码 ${fact(cause, 'exit')}）`,
    config: () => '容器无法创建：所引用的对象或键不存在',
    unschedulable: () => '没有节点可以调度它的 Pod',
    probe: () => 'Pod 在运行，但探针失败，因此不接收流量',
    waiting: (cause) => `容器在等待：${fact(cause, 'reason')}`,
    quota: () => '不允许创建它的 Pod',
    selector: (cause) => `它选择 \`${fact(cause, 'selector')}\`，没有 Pod 匹配；相近的是 \`${fact(cause, 'near')}\``,
    endpoints: (cause) => `它选择 \`${fact(cause, 'selector')}\`，没有匹配的 Pod`,
    claim: (cause) => `存储卷声明未绑定：存储类 ${fact(cause, 'class')} 不存在`,
    pending: () => '存储卷声明未绑定',
    notReady: () => '它的 Pod 没有就绪',
    node: (cause) => `节点未就绪（${fact(cause, 'reason')}）`,
  },
  signature: '*这是由规则得出的回答，没有使用语言模型。*',
  stopped: '请求次数已用完，以上是目前的发现。',
};

/** The sentences for a question: Chinese where it holds Chinese characters. */
export function wordsFor(question: string): Words {
  return /\p{Script=Han}/u.test(question) ? chinese : english;
}
