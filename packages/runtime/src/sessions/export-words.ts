import type { RunOutcome, RunTarget } from '@kw/agent';

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
  repeat: 'To repeat it',
  reads: 'What was read:',
  changes: 'What was changed (think before you repeat it):',
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
  repeat: '如何重现',
  reads: '读取操作：',
  changes: '变更操作（重复执行前请三思）：',
};

/** The words of a language. */
export function wordsIn(language: 'en' | 'zh'): ExportWords {
  return language === 'zh' ? chinese : english;
}
