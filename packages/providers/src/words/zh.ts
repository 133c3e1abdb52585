import type { Facts, Words } from './words.ts';

const who = ({ provider, model, url, status }: Facts): string =>
  `${provider}${model === '' ? '' : `，模型 ${model}`}，${url}${status === '' ? '' : `，${status}`}`;
const asks = ({ wait }: Facts): string => (wait === '' ? '' : `，对方要求等待 ${wait}`);
const andAddress = ({ address }: Facts): string => (address === '' ? '' : `、${address}`);

/** Chinese. The English names of the documented errors stay in front, so that they can be searched for. */
export const zh: Words = {
  sentences: {
    'authentication-failed': (facts) =>
      `${facts.forbidden ? '访问被拒绝' : 'API 密钥未被接受'}（${who(facts)}）：请检查${facts.key === '' ? '密钥' : ` ${facts.key}`}${facts.hint === '' ? '' : `。${facts.hint.replace(/。$/, '')}`}`,
    'model-not-found': (facts) =>
      `model not found，模型不存在或未开通：${facts.provider} 在 ${facts.url} 没有提供 ${JSON.stringify(facts.model)}` +
      (facts.bare ? `（也可能是地址有误：请检查 ${facts.address}，它通常以 /v1 结尾）` : '') +
      (facts.near.length === 0 ? '。' : `。相近的名称：${facts.near.join('、')}。`) +
      `${facts.hint}请用 \`models\` 查看可用的模型，用 --model 指定`,
    'no-model-served': (facts) =>
      `model not found，没有模型：${facts.url} 没有列出任何模型（${facts.provider}）；请先在服务器上加载模型，或用 --model 指定`,
    'context-length-exceeded': (facts) =>
      `超出上下文长度：请求超过了 ${facts.model} 的上下文窗口（${who(facts)}）；请缩短对话，或换用窗口更大的模型`,
    'rate-limited': (facts) => `请求过于频繁，已被限流（${who(facts)}）${asks(facts)}；请稍后再试，或换用其他密钥或模型`,
    'insufficient-quota': (facts) =>
      `额度或余额不足（${who(facts)}）${asks(facts)}：请为${facts.key === '' ? '该密钥' : ` ${facts.key} `}所属账号充值，或换用其他 provider`,
    'payload-too-large': (facts) => `请求体过大：服务器不接受这么大的请求（${who(facts)}）；请缩短对话`,
    'content-filter': (facts) => `请求被提供商的内容过滤拒绝（${who(facts)}）；请换一种说法`,
    'tools-unsupported': (facts) =>
      `${facts.model} 在此不支持工具调用（${who(facts)}）；请换用支持的模型，或在启动服务器时打开工具调用，或使用 --enable-tool-use-shim`,
    overloaded: (facts) => `提供商过载（${who(facts)}）${asks(facts)}；请稍后再试`,
    'server-error': (facts) => `提供商内部出错（${who(facts)}）${asks(facts)}；请稍后再试`,
    'bad-request': (facts) => `提供商拒绝了请求（${who(facts)}）；请检查模型，以及配置中该 provider 的 quirks`,
    'connection-refused': (facts) =>
      `连接被拒绝：${facts.host} 没有程序在监听（${who(facts)}）；请启动服务器${facts.address === '' ? '' : `，或设置 ${facts.address}`}`,
    dns: (facts) => `找不到主机 ${facts.host}（${who(facts)}）；请检查名称、网络${andAddress(facts)}`,
    tls: (facts) =>
      `无法与 ${facts.host} 建立安全连接（${who(facts)}）：其证书或 TLS 未被接受；请用 NODE_EXTRA_CA_CERTS 提供它的 CA，或用 LLM_SKIP_VERIFY_SSL=true 或 --skip-verify-ssl 跳过证书校验${facts.address === '' ? '' : `；地址由 ${facts.address} 设置`}`,
    'connection-timeout': (facts) =>
      `connection timeout，连接超时：${facts.host} 没有应答（${who(facts)}）；请检查网络、HTTPS_PROXY${andAddress(facts)}`,
    'connection-reset': (facts) => `与 ${facts.host} 的连接中断（${who(facts)}）；请重试，并检查网络和 HTTPS_PROXY`,
    'connection-failed': (facts) => `无法连接 ${facts.host}（${who(facts)}）；请检查网络、HTTPS_PROXY${andAddress(facts)}`,
    stalled: (facts) =>
      `模型停住了：${facts.said === '' ? '没有收到数据' : facts.said}（${who(facts)}）；请重试，或调大超时时间（--headers-timeout、--first-word-timeout、--idle-timeout）`,
    'empty-answer': (facts) => `模型没有返回任何内容（${who(facts)}）；请重试、换一种问法或换用其他模型`,
    redirected: (facts) =>
      `${facts.url} 重定向到另一个源 ${facts.said === '' ? '（未知地址）' : facts.said}：没有跟随，密钥也没有发送过去（${who(facts)}）；如果这是对的，请把 ${facts.address} 设为它`,
    'not-an-api': (facts) => `${facts.url} 不是模型 API：它返回了别的内容（${who(facts)}）；请检查 ${facts.address}，它通常以 /v1 结尾`,
  },
  says: (title, said) => `${title} 的原话：${said}`,
  cause: (said) => `原因：${said}`,
  attempts: (count) => `（已尝试 ${count} 次）`,
  fullStop: '。',
  retry: {
    in: (wait) => `${wait} 后重试`,
    now: '立即重试',
    rateLimited: '已被限流',
    overloaded: '提供商过载',
    serverError: '提供商内部出错',
    empty: '模型没有返回任何内容',
    noConnection: '没有连接',
    brokeOff: '回答中断',
  },
  broken: {
    headers: (wait) => `${wait} 内没有应答`,
    firstContent: (wait) => `${wait} 内没有收到第一个字`,
    idle: (wait) => `${wait} 内没有收到更多内容`,
    list: (wait) => `${wait} 内没有收到模型列表`,
    callPiece: '工具调用有一段无法读取',
    middle: '回答在中途结束',
  },
  joiner: ' 或 ',
};
