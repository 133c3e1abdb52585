import type { UngrantedReason } from '@kw/agent';

/** Why no more may be granted with an answer, in English. */
export const ungrantedEnglish: Readonly<Record<UngrantedReason, string>> = {
  rule: 'asked each time: a rule of the configuration wants it',
  secret: 'asked each time: it holds a secret, which is not written down',
  'other-cluster': 'asked each time: it does not stay with the cluster of this question',
  unseen: 'asked each time: the same words may do something else the next time',
  dangerous: 'the like is asked each time: it is dangerous',
  unknown: 'the like is asked each time: it is not known for certain what it does',
  script: 'the like is asked each time: it is run by a shell',
  several: 'the like is asked each time: it does several different things',
  'not-plain': 'the like is asked each time: it is no plain change of named objects in one namespace',
};

/** The same in Chinese. */
export const ungrantedChinese: Readonly<Record<UngrantedReason, string>> = {
  rule: '每次都会询问：配置中的规则要求如此',
  secret: '每次都会询问：其中含有密钥，不会被记录',
  'other-cluster': '每次都会询问：它不限于此询问所指的集群',
  unseen: '每次都会询问：同样的命令下次可能有不同的效果',
  dangerous: '同类命令每次都会询问：属于危险操作',
  unknown: '同类命令每次都会询问：无法确定其作用',
  script: '同类命令每次都会询问：它由 shell 执行',
  several: '同类命令每次都会询问：其中包含多种不同操作',
  'not-plain': '同类命令每次都会询问：它不是对单个命名空间中指定对象的普通变更',
};
