import type { OptionSpec } from './option.ts';

/** Settings of the HTTP service. */
export const serviceOptions: readonly OptionSpec[] = [
  {
    key: 'user-interface',
    kind: { type: 'choice', values: ['terminal', 'html'] },
    description: 'terminal answers here; html serves the web page and the HTTP API.',
    descriptionZh: 'terminal 在终端回答;html 启动网页和 HTTP 服务。',
    fallback: 'terminal',
  },
  {
    key: 'ui-listen-address',
    kind: { type: 'text', placeholder: 'HOST:PORT' },
    description: 'Where the HTTP API listens. Off loopback a bearer token is required.',
    descriptionZh: 'HTTP 服务的监听地址。非本机回环地址需要令牌。',
    fallback: '127.0.0.1:8888',
  },
  {
    key: 'auth-token',
    kind: { type: 'text', placeholder: 'TOKEN' },
    env: ['KW_AUTH_TOKEN'],
    flag: false,
    secret: true,
    description: 'Bearer token of the HTTP API; one is made and printed once where it is needed and missing.',
    descriptionZh: 'HTTP 服务的令牌;需要而未设置时会生成并只显示一次。',
  },
  {
    key: 'auth',
    kind: { type: 'choice', values: ['token', 'none'] },
    description: 'none leaves the HTTP API open to whoever reaches it. Warned of at each start.',
    descriptionZh: 'none 表示任何能访问到服务的人都可使用;每次启动都会警告。',
    fallback: 'token',
  },
  {
    key: 'allowed-host',
    kind: { type: 'list', placeholder: 'HOST' },
    description: 'Further names under which the HTTP API may be called without a token.',
    descriptionZh: '无需令牌即可使用的其他主机名。',
    example: '[kw.example.org]',
  },
  {
    key: 'cors-origin',
    kind: { type: 'list', placeholder: 'ORIGIN' },
    description: 'Origins of other sites whose pages may use the HTTP API, exactly as browsers send them.',
    descriptionZh: '允许使用 HTTP 服务的其他网站来源,须与浏览器发送的完全一致。',
    example: '[https://console.example.org]',
  },
  {
    key: 'max-concurrent-runs',
    kind: { type: 'integer', min: 1, max: 10_000 },
    description: 'Questions that the service answers at once; more are told to come back (503 with Retry-After).',
    descriptionZh: '服务同时回答的问题数;超出时返回 503 和 Retry-After。',
    fallback: 64,
  },
  {
    key: 'metrics-auth',
    kind: { type: 'switch' },
    description: '/metrics wants the token, too. Without it the counters are open; they name no people, namespaces or sessions.',
    descriptionZh: '访问 /metrics 也需要令牌。默认开放;指标中没有人员、命名空间或会话的名称。',
    fallback: false,
  },
  {
    key: 'access-log',
    kind: { type: 'text', placeholder: 'FILE|-', isPath: true },
    description: 'Where the service writes one JSON line for each request: a file, or - for standard output.',
    descriptionZh: '服务为每个请求写一行 JSON 的位置:文件,或 - 表示标准输出。',
  },
];
