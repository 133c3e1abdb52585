/** What `diagnose` says while it reads. */
export interface DiagnoseMessages {
  readonly connecting: string;
  readonly reading: string;
  readonly progress: (done: number, inAll: number, objects: number) => string;
}

const english: DiagnoseMessages = {
  connecting: 'connecting to the cluster',
  reading: 'reading the cluster',
  progress: (done, inAll, objects) => `${done} of ${inAll} kinds, ${objects} objects`,
};

const chinese: DiagnoseMessages = {
  connecting: '正在连接集群',
  reading: '正在读取集群',
  progress: (done, inAll, objects) => `${inAll} 种类型中的 ${done} 种，${objects} 个对象`,
};

/** The messages of a language. */
export function diagnoseMessagesIn(language: 'en' | 'zh'): DiagnoseMessages {
  return language === 'zh' ? chinese : english;
}
