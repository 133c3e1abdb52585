import type { Severity } from '../finding.ts';
import { chineseReasons } from './reasons.zh.ts';

/** Languages of what people read; evidence and reasons are English, and so is what a finding's sentence says in detail. */
export type ReportLanguage = 'en' | 'zh';

/** The words of tables and Markdown. */
export interface ReportWords {
  readonly severities: Readonly<Record<Severity, string>>;
  readonly columns: readonly [string, string, string, string, string];
  readonly title: string;
  readonly none: (where: string, objects: number) => string;
  readonly total: (count: number, where: string, objects: number) => string;
  readonly everywhere: string;
  readonly inNamespace: (namespace: string) => string;
  readonly notChecked: string;
  readonly notCheckedNote: string;
  readonly explainedBy: string;
  /** What a reason means, where the sentence does not say so in this language. */
  readonly meaning: (reason: string) => string | undefined;
  readonly objects: (count: number) => string;
  readonly evidence: string;
  readonly next: string;
}

const english: ReportWords = {
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  columns: ['SEVERITY', 'NAMESPACE', 'OBJECT', 'REASON', 'FOR'],
  title: 'Diagnosis',
  none: (where, objects) => `Nothing found in ${where} (${objects} objects read).`,
  total: (count, where, objects) => `${count} finding${count === 1 ? '' : 's'} in ${where} (${objects} objects read).`,
  everywhere: 'all namespaces',
  inNamespace: (namespace) => `namespace ${namespace}`,
  notChecked: 'Not checked',
  notCheckedNote: 'what could not be read may be there all the same',
  explainedBy: 'explained by',
  meaning: () => undefined,
  objects: (count) => `${count} objects`,
  evidence: 'Evidence',
  next: 'Next',
};

const chinese: ReportWords = {
  severities: { critical: '严重', warning: '警告', info: '提示' },
  columns: ['级别', '命名空间', '对象', '原因', '持续'],
  title: '诊断',
  none: (where, objects) => `${where}中未发现问题（已读取 ${objects} 个对象）。`,
  total: (count, where, objects) => `${where}中发现 ${count} 个问题（已读取 ${objects} 个对象）。`,
  everywhere: '所有命名空间',
  inNamespace: (namespace) => `命名空间 ${namespace} `,
  notChecked: '未检查',
  notCheckedNote: '未能读取的对象仍可能存在',
  explainedBy: '起因',
  meaning: (reason) => chineseReasons.get(reason),
  objects: (count) => `${count} 个对象`,
  evidence: '证据',
  next: '下一步',
};

/** The words of a language. */
export function reportWords(language: ReportLanguage): ReportWords {
  return language === 'zh' ? chinese : english;
}
