import type { Effect, RunOutcome, RunTarget } from '@kw/agent';
import type { SessionCall } from './sessions-api.ts';

/** The words of a hand-over. */
export interface ExportWords {
  readonly session: string;
  readonly time: string;
  readonly tokens: (input: number, output: number) => string;
  readonly estimated: string;
  readonly question: string;
  readonly answer: string;
  readonly none: string;
  readonly clusterName: string;
  readonly cluster: (target: RunTarget) => string;
  readonly noCluster: string;
  readonly model: string;
  readonly cost: string;
  readonly outcome: string;
  readonly outcomeOf: (outcome: RunOutcome | undefined) => string;
  readonly commands: string;
  readonly notJudged: string;
  readonly effectOf: (effect: Effect) => string;
  /** How a call ended that did not run to its end. */
  readonly endOf: (outcome: SessionCall['outcome']) => string;
  readonly exit: (code: number) => string;
  readonly seconds: (seconds: string) => string;
  /** Between two facts of a call. */
  readonly separator: string;
  readonly repeat: string;
  readonly reads: string;
  readonly changes: string;
}

const english: ExportWords = {
  session: 'Session',
  time: 'Time',
  tokens: (input, output) => `Tokens: ${input} in, ${output} out`,
  estimated: 'estimated',
  question: 'Question',
  answer: 'Answer',
  none: '(none)',
  clusterName: 'Cluster',
  cluster: ({ server, context, user, namespace }) =>
    `${server} (context ${context}, as ${user}${namespace === undefined ? '' : `, namespace ${namespace}`})`,
  noCluster: 'none',
  model: 'Model',
  cost: 'Cost',
  outcome: 'Outcome',
  outcomeOf: (outcome) => {
    switch (outcome?.type) {
      case undefined:
        return 'not ended';
      case 'completed':
        return 'answered';
      case 'limit':
        return `stopped at a limit (${outcome.limit})`;
      case 'cancelled':
        return `cancelled (${outcome.reason})`;
      case 'failed':
        return `failed: ${outcome.message}`;
    }
  },
  commands: 'Commands',
  notJudged: 'not judged',
  effectOf: (effect) => effect,
  endOf: (outcome) => outcome,
  exit: (code) => `exit ${code}`,
  seconds: (seconds) => `${seconds} s`,
  separator: '; ',
  repeat: 'To repeat it',
  reads: 'What was read:',
  changes: 'What was changed (think before you repeat it):',
};

const chineseEnds: Readonly<Record<SessionCall['outcome'], string>> = {
  ran: '已执行',
  failed: '失败',
  denied: '已拒绝',
  'not-understood': '无法理解',
  refused: '不予执行',
  interrupted: '已中断',
  cancelled: '已取消',
  timeout: '超时',
  open: '未结束',
};

const chinese: ExportWords = {
  session: '会话',
  time: '时间',
  tokens: (input, output) => `Token：输入 ${input}，输出 ${output}`,
  estimated: '估算',
  question: '问题',
  answer: '回答',
  none: '（无）',
  clusterName: '集群',
  cluster: ({ server, context, user, namespace }) =>
    `${server}（context ${context}，身份 ${user}${namespace === undefined ? '' : `，命名空间 ${namespace}`}）`,
  noCluster: '无',
  model: '模型',
  cost: '费用',
  outcome: '结果',
  outcomeOf: (outcome) => {
    switch (outcome?.type) {
      case undefined:
        return '未结束';
      case 'completed':
        return '已回答';
      case 'limit':
        return `达到限制（${outcome.limit}）`;
      case 'cancelled':
        return `已取消（${outcome.reason}）`;
      case 'failed':
        return `失败：${outcome.message}`;
    }
  },
  commands: '命令',
  notJudged: '未判定',
  effectOf: (effect) => ({ read: '读', write: '写', dangerous: '危险', unknown: '无法判定' })[effect],
  endOf: (outcome) => chineseEnds[outcome],
  exit: (code) => `退出码 ${code}`,
  seconds: (seconds) => `${seconds} 秒`,
  separator: '；',
  repeat: '如何重现',
  reads: '读取操作：',
  changes: '变更操作（重复执行前请三思）：',
};

/** The words of a language. */
export function wordsIn(language: 'en' | 'zh'): ExportWords {
  return language === 'zh' ? chinese : english;
}
