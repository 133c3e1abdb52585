type Details = Readonly<Record<string, unknown>>;
type Sentence = (details: Details, message: string) => string;

const scopes: Readonly<Record<string, string>> = {
  read: '查看回答和会话',
  chat: '提问和修改会话',
  approve: '答复审批',
  admin: '停止和恢复服务',
};

const limits: Readonly<Record<string, string>> = {
  iterations: '轮次',
  tokens: ' token ',
  cost: '费用',
  seconds: '时间',
  'equal-calls': '重复调用次数',
  corrections: '更正次数',
};

const wayIn = '请发送请求头 "Authorization: Bearer TOKEN"，令牌在服务启动时显示，或由 KW_AUTH_TOKEN 或 auth-token 设置。';

/** A value in the sentence; nothing where it is not known. */
function of(details: Details, name: string): string {
  const value = details[name];
  return typeof value === 'string' || typeof value === 'number' ? ` ${value} ` : '';
}

/** A sentence whose facts stand in the original only. */
function withOriginal(sentence: string): Sentence {
  return (_, message) => `${sentence}（${message.replace(/\.$/, '')}）`;
}

function limited(name: string): readonly [string, Sentence] {
  return [`limit-${name}`, () => `运行已达到${limits[name] ?? ` ${name} `}限制而停止。`];
}

/** Chinese sentences of failures, by code. */
export const chinese: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
  // what was asked
  [
    'bad-request',
    (details, message) => (details['missing'] === undefined ? `请求有误：${message}` : `请求缺少${of(details, 'missing')}。`),
  ],
  ['not-json', () => '请发送请求头 "Content-Type: application/json"。'],
  ['body-too-large', (details) => `请求体超过${of(details, 'bytes')}字节。`],
  ['body-too-slow', (details) => `请求体未在${of(details, 'seconds')}秒内到达。`],
  ['method-not-allowed', (details) => `此地址只接受${of(details, 'allow')}，不接受${of(details, 'method')}。`],
  ['not-found', (details) => `没有此地址${of(details, 'path')}。API 位于 /api/v1 之下。`],
  ['unknown-run', (details) => `没有运行${of(details, 'id')}。`],
  ['unknown-session', (details) => `没有会话${of(details, 'id')}，或它与您无关。`],
  ['unknown-approval', (details) => `没有审批${of(details, 'id')}。`],
  ['unknown-output', (details) => `会话${of(details, 'id')}没有此输出。`],
  ['unknown-context', withOriginal('没有此 context，请从已知的 context 中选择')],
  ['bad-session-id', () => '会话 id 只能由 1 至 64 个字母、数字、- 或 _ 组成。'],
  ['bad-cursor', () => 'cursor 必须是此流中某个事件的 id，例如 12:340。不带 Last-Event-ID 和 cursor 重新请求，即可从头获取全部事件。'],
  ['session-busy', withOriginal('此会话有运行尚未结束，请等待其结束、取消它，或答复其审批')],
  ['session-exists', () => '同名会话已存在，请换一个 id。'],
  ['grant-not-offered', withOriginal('此审批不提供这样的授权')],
  ['already-answered', () => '此审批已有答复。'],
  ['expired', () => '此审批已过期，没有执行任何操作。'],
  // who may
  ['unauthorized', (details) => `${details['wrong'] === true ? '令牌不正确。' : '此服务需要令牌。'}${wayIn}`],
  ['too-many-failures', (details) => `来自${of(details, 'address')}的错误令牌过多，请在${of(details, 'seconds')}秒后重试。`],
  ['auth-unavailable', withOriginal('目前无法核对令牌，请稍后再试')],
  ['other-user', () => '此服务只答复启动它的用户的进程。请自行启动一个服务，或请启动者为其设置令牌。'],
  ['not-local', () => '此服务只答复本机，而此请求由代理转发。请用令牌启动服务：KW_AUTH_TOKEN。'],
  ['wrong-host', (details) => `此服务不是${of(details, 'host')}。请使用 localhost，或用 allowed-hosts 允许该名称。`],
  ['wrong-origin', (details) => `${of(details, 'origin').trim()} 的页面不能使用此服务。可用 cors-origin 允许。`],
  ['cross-site', () => '其他网站的页面不能使用此服务。可用 cors-origin 允许。'],
  [
    'missing-scope',
    (details) => {
      const scope = String(details['scope']);
      return `此令牌不能${scopes[scope] ?? scope}：它没有权限 "${scope}"。请使用有此权限的令牌，或请服务的管理员添加。`;
    },
  ],
  [
    'forbidden',
    (details) =>
      details['act'] === 'answer'
        ? '只有会话的所有者和审批人可以答复。请所有者把您加为审批人。'
        : details['act'] === 'change'
          ? '会话属于他人，只有其所有者可以这样做。'
          : '会话属于他人。请其所有者与您共享。',
  ],
  ['other-person', () => '这项变更需要另一个人批准：提问者可以拒绝，但不能批准。请会话的另一位审批人答复。'],
  ['model-not-allowed', withOriginal('不允许使用此模型，请选择 allowed-models 中的模型')],
  ['no-token', () => '此运行以用户自己的令牌操作集群，而令牌不在内存中。请用令牌再次提问。'],
  // what is full, stopped or away
  ['budget-spent', withOriginal('今天的预算已用完，请明天（00:00 UTC 之后）再试，或请管理员提高 daily-tokens 或 daily-cost')],
  ['stopped', withOriginal('服务已被紧急停止，请等待管理员恢复')],
  ['kill-switch-unavailable', withOriginal('无法读取紧急停止开关，因此什么都不执行')],
  ['draining', () => '服务正在停止，请稍后再试。已开始的运行会继续。'],
  ['too-many-turns', (details) => (details['own'] === true ? '您已有足够多的运行，请等待其中之一结束。' : '运行过多，请稍后再试。')],
  ['too-many-streams', () => '正在读取的流过多，请稍后再试。'],
  ['store-unavailable', withOriginal('无法读写会话存储')],
  ['no-cluster', withOriginal('无法访问集群')],
  ['target-changed', withOriginal('此 context 现在指向另一个集群或用户，没有执行任何操作，请重新提问')],
  ['internal', () => '服务内部出错，详情见其日志。'],
  // how a run ended
  ['cancelled', () => '运行已取消。'],
  ...Object.keys(limits).map(limited),
  ['authentication-failed', withOriginal('API 密钥未被模型提供商接受，请检查密钥')],
  ['model-not-found', withOriginal('模型不存在或未开通，请换用其他模型')],
  ['context-length-exceeded', withOriginal('超出模型的上下文长度，请缩短对话，或换用窗口更大的模型')],
  ['rate-limited', withOriginal('模型提供商限流，请稍后再试')],
  ['insufficient-quota', withOriginal('模型提供商的额度或余额不足，请充值或换用其他提供商')],
  ['payload-too-large', withOriginal('请求对模型提供商过大，请缩短对话')],
  ['content-filter', withOriginal('被模型提供商的内容过滤拒绝，请换一种说法')],
  ['overloaded', withOriginal('模型提供商过载，请稍后再试')],
  ['server-error', withOriginal('模型提供商内部出错，请稍后再试')],
  ['connection-refused', withOriginal('无法连接模型服务：没有程序在监听')],
  ['dns', withOriginal('找不到模型服务的主机，请检查名称和网络')],
  ['tls', withOriginal('无法与模型服务建立安全连接，请检查证书')],
  ['connection-timeout', withOriginal('连接模型服务超时，请检查网络')],
  ['connection-reset', withOriginal('与模型服务的连接中断，请重试')],
  ['connection-failed', withOriginal('无法连接模型服务，请检查网络')],
  ['stalled', withOriginal('模型停住了，请重试')],
  ['empty-answer', withOriginal('模型没有返回任何内容，请重试或换一种问法')],
  ['api-key-not-found', withOriginal('没有 API 密钥，请在运行服务的机器上设置')],
]);
