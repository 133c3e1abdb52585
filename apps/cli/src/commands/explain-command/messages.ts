import type { Effect, Trait, Verdict } from '@kw/agent';

/** What `explain-command` says. */
export interface ExplainMessages {
  readonly tool: string;
  readonly effect: string;
  readonly traits: string;
  readonly target: string;
  readonly objects: string;
  readonly why: string;
  readonly verdict: string;
  readonly part: (at: number, of: number) => string;
  readonly namespace: string;
  readonly unknownTarget: (reason: string) => string;
  readonly moves: (flags: string) => string;
  readonly hidesOutput: string;
  readonly refused: (way: string) => string;
  readonly nothing: string;
  readonly effects: Readonly<Record<Effect, string>>;
  readonly traitWords: Readonly<Record<Trait, string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly because: (verdict: string, reason: string) => string;
  /** Stands between reasons. */
  readonly between: string;
}

const english: ExplainMessages = {
  tool: 'tool',
  effect: 'effect',
  traits: 'traits',
  target: 'target',
  objects: 'objects',
  why: 'why',
  verdict: 'verdict',
  part: (at, of) => `part ${at} of ${of}`,
  namespace: 'namespace',
  unknownTarget: (reason) => `not known: ${reason}`,
  moves: (flags) => `another than the run's, by ${flags}`,
  hidesOutput: 'its output is secret as a whole and is hidden',
  refused: (way) => `never run: ${way}`,
  nothing: "which command? kubelet-wuhrai explain-command 'kubectl delete pod web-1'",
  effects: { read: 'read', write: 'write', dangerous: 'dangerous', unknown: 'not understood' },
  traitWords: {
    sensitive: 'may read secrets',
    'needs-terminal': 'needs a terminal',
    unbounded: 'does not end by itself',
    'moves-target': 'names another target',
  },
  verdicts: { allow: 'runs unasked', ask: 'asks you first', deny: 'is not run' },
  because: (verdict, reason) => `${verdict}: ${reason}`,
  between: '; ',
};

const chinese: ExplainMessages = {
  tool: '工具',
  effect: '影响',
  traits: '特征',
  target: '目标',
  objects: '对象',
  why: '原因',
  verdict: '结论',
  part: (at, of) => `第 ${at} 部分，共 ${of} 部分`,
  namespace: '命名空间',
  unknownTarget: (reason) => `未知：${reason}`,
  moves: (flags) => `由 ${flags} 指向其他目标`,
  hidesOutput: '其输出全部是机密，会被隐藏',
  refused: (way) => `不会执行：${way}`,
  nothing: "请给出命令：kubelet-wuhrai explain-command 'kubectl delete pod web-1'",
  effects: { read: '只读', write: '写入', dangerous: '危险', unknown: '无法理解' },
  traitWords: { sensitive: '可能读取机密', 'needs-terminal': '需要终端', unbounded: '不会自行结束', 'moves-target': '指向其他目标' },
  verdicts: { allow: '直接执行', ask: '先征求您的同意', deny: '不会执行' },
  because: (verdict, reason) => `${verdict}（${reason}）`,
  between: '；',
};

/** The sentences of a language. */
export function explainMessagesIn(language: 'en' | 'zh'): ExplainMessages {
  return language === 'zh' ? chinese : english;
}
