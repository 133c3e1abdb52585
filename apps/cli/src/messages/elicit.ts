/** What is said where an MCP server asks a person, in one language. */
export interface ElicitMessages {
  readonly asks: (server: string) => string;
  readonly wayOut: string;
  readonly confirm: string;
  readonly required: string;
  readonly oneOf: (values: string) => string;
  readonly number: string;
  readonly yesOrNo: string;
}

const english: ElicitMessages = {
  asks: (server) => `The MCP server ${server} asks you:`,
  wayOut: 'What you type is sent to that server. Ctrl-D declines.',
  confirm: 'y = yes, n = decline: ',
  required: 'This is needed; Ctrl-D declines.',
  oneOf: (values) => `One of: ${values}`,
  number: 'A number, please.',
  yesOrNo: 'y or n, please.',
};

const chinese: ElicitMessages = {
  asks: (server) => `MCP 服务 ${server} 向您询问：`,
  wayOut: '您输入的内容会发送给该服务。按 Ctrl-D 拒绝。',
  confirm: 'y = 同意，n = 拒绝：',
  required: '此项必填；按 Ctrl-D 拒绝。',
  oneOf: (values) => `可选：${values}`,
  number: '请输入数字。',
  yesOrNo: '请输入 y 或 n。',
};

/** The sentences of a language. */
export function elicitMessagesIn(language: 'en' | 'zh'): ElicitMessages {
  return language === 'zh' ? chinese : english;
}
