import type { OptionSpec } from './option.ts';

/** Settings of the HTTP service. */
export const serviceOptions: readonly OptionSpec[] = [
  {
    key: 'user-interface',
    kind: { type: 'choice', values: ['terminal', 'html'] },
    description: 'terminal answers here; html serves the web page and the HTTP API.',
    descriptionZh: 'terminal 在终端回答；html 启动网页和 HTTP 服务。',
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
    descriptionZh: 'HTTP 服务的令牌；需要而未设置时会生成并只显示一次。',
  },
  {
    key: 'auth',
    kind: { type: 'choice', values: ['token', 'oidc', 'kubernetes', 'none'] },
    description:
      'How users of the HTTP API show who they are: token (auth-token, auth-tokens), oidc (tokens of an identity provider), kubernetes (tokens that the cluster knows), none (nobody is asked; warned of at each start).',
    descriptionZh:
      'HTTP 服务如何识别用户：token（auth-token、auth-tokens）、oidc（身份提供方的令牌）、kubernetes（集群认可的令牌）、none（不识别；每次启动都会警告）。',
    fallback: 'token',
  },
  {
    key: 'auth-tokens',
    kind: { type: 'entries', of: 'tokens' },
    flag: false,
    secret: true,
    description:
      'Tokens of several people or programs: name, token or token-file, scopes (read, chat, approve, admin; default the first three), groups. Read again on SIGHUP.',
    descriptionZh:
      '多个用户或程序的令牌：name、token 或 token-file、scopes（read、chat、approve、admin，默认前三个）、groups。收到 SIGHUP 时重新读取。',
    example: '[{name: ci, token: "${CI_TOKEN}", scopes: [read, chat]}]',
  },
  {
    key: 'access',
    kind: { type: 'entries', of: 'rules' },
    flag: false,
    description:
      'With oidc and kubernetes: who may do what, by user or group. Scopes of all that fit add up; whoever fits none stays out. Left out: every known user may read, chat and approve.',
    descriptionZh:
      '与 oidc 和 kubernetes 一起使用：按用户或组授权。匹配的权限相加；都不匹配者不能使用。未设置时，所有已识别用户可 read、chat 和 approve。',
    example: '[{group: sre, scopes: [read, chat, approve]}, {group: dev, scopes: [read, chat]}]',
  },
  {
    key: 'loopback-auth',
    kind: { type: 'switch' },
    description: 'Processes of the same host and user need a token, too. Always so where cluster-identity is not own.',
    descriptionZh: '同一主机、同一用户的进程也需要令牌。cluster-identity 不是 own 时总是如此。',
    fallback: false,
  },
  {
    key: 'oidc-issuer',
    kind: { type: 'text', placeholder: 'URL' },
    description: 'With auth: oidc: the issuer, exactly as it stands in its tokens.',
    descriptionZh: '与 auth: oidc 一起使用：签发方地址，须与令牌中的完全一致。',
    example: 'https://login.example.org/realms/main',
  },
  {
    key: 'oidc-audience',
    kind: { type: 'text', placeholder: 'CLIENT-ID' },
    description: 'With auth: oidc: the audience that tokens must be made for.',
    descriptionZh: '与 auth: oidc 一起使用：令牌必须面向的受众。',
  },
  {
    key: 'oidc-username-claim',
    kind: { type: 'text', placeholder: 'CLAIM' },
    description: "The claim that is the user's name in the cluster. With email, email_verified must not be false.",
    descriptionZh: '令牌中作为集群用户名的声明（claim）。若为 email，则 email_verified 不能为 false。',
    fallback: 'sub',
  },
  {
    key: 'oidc-username-prefix',
    kind: { type: 'text', placeholder: 'TEXT' },
    description: 'Put before the name, as the API server does with its --oidc-username-prefix.',
    descriptionZh: '加在用户名前，与 API server 的 --oidc-username-prefix 相同。',
    example: '"oidc:"',
  },
  {
    key: 'oidc-groups-claim',
    kind: { type: 'text', placeholder: 'CLAIM' },
    description: "The claim that lists the user's groups.",
    descriptionZh: '令牌中列出用户组的声明（claim）。',
    fallback: 'groups',
  },
  {
    key: 'oidc-groups-prefix',
    kind: { type: 'text', placeholder: 'TEXT' },
    description: 'Put before each group.',
    descriptionZh: '加在每个组名前。',
    example: '"oidc:"',
  },
  {
    key: 'token-review-audience',
    kind: { type: 'text', placeholder: 'AUDIENCE' },
    description:
      "With auth: kubernetes: the audience that tokens must be made for. Left out: the cluster's own, so that every token of the cluster is taken.",
    descriptionZh: '与 auth: kubernetes 一起使用：令牌必须面向的受众。未设置时为集群自身的受众，即集群的任何令牌都被接受。',
    example: 'kubelet-wuhrai',
  },
  {
    key: 'cluster-identity',
    kind: { type: 'choice', values: ['own', 'impersonate', 'pass-through'] },
    description:
      "As whom commands act in the cluster: own (the service's identity), impersonate (the user who asked, by impersonation), pass-through (with the user's own token). With the last two RBAC decides for each user.",
    descriptionZh:
      '命令在集群中以谁的身份执行：own（服务自身）、impersonate（冒充提问的用户）、pass-through（使用用户自己的令牌）。后两者由 RBAC 逐个用户判定。',
    fallback: 'own',
  },
  {
    key: 'allowed-host',
    kind: { type: 'list', placeholder: 'HOST' },
    description: 'Further names under which the HTTP API may be called without a token.',
    descriptionZh: '可以不带令牌访问 HTTP 服务的其他主机名。',
    example: '[kw.example.org]',
  },
  {
    key: 'trusted-proxy',
    kind: { type: 'list', placeholder: 'ADDRESS' },
    description:
      'Addresses and networks of proxies in front: their X-Forwarded-For says who sent a wrong token, so that nobody is kept out for what another one did.',
    descriptionZh: '前置代理的地址和网段：其 X-Forwarded-For 指明是谁发送了错误令牌，避免他人受牵连。',
    example: '[10.0.0.0/8]',
  },
  {
    key: 'cors-origin',
    kind: { type: 'list', placeholder: 'ORIGIN' },
    description: 'Origins of other sites whose pages may use the HTTP API, exactly as browsers send them.',
    descriptionZh: '允许使用 HTTP 服务的其他网站来源，须与浏览器发送的完全一致。',
    example: '[https://console.example.org]',
  },
  {
    key: 'max-concurrent-runs',
    kind: { type: 'integer', min: 1, max: 10_000 },
    description: 'Questions that the service answers at once; more are told to come back (503 with Retry-After).',
    descriptionZh: '服务同时回答的问题数；超出时返回 503 和 Retry-After。',
    fallback: 64,
  },
  {
    key: 'max-runs-per-user',
    kind: { type: 'integer', min: 1, max: 10_000 },
    description: 'Questions of one user that are answered at once. Left out: as many as of all.',
    descriptionZh: '同时回答一个用户的问题数。未设置时与总数相同。',
  },
  {
    key: 'max-tool-processes',
    kind: { type: 'integer', min: 1, max: 1_000 },
    description: 'Commands that run at once; further ones wait, and users take turns.',
    descriptionZh: '同时运行的命令数；其余排队，各用户轮流。',
    fallback: 16,
  },
  {
    key: 'daily-tokens',
    kind: { type: 'integer', min: 1, max: 1_000_000_000_000 },
    description: 'Tokens of models that one user of the service may use in a day (UTC). Beyond it: 429 with Retry-After.',
    descriptionZh: '服务的每个用户每天（UTC）可用的 token 数。超出时返回 429 和 Retry-After。',
  },
  {
    key: 'daily-cost',
    kind: { type: 'decimal', min: 0, max: 1_000_000 },
    description: "Money that one user of the service may spend in a day (UTC), in the currency of the model's prices.",
    descriptionZh: '服务的每个用户每天（UTC）可花费的金额，以模型价格的货币计。',
  },
  {
    key: 'allowed-models',
    kind: { type: 'list', placeholder: 'MODEL' },
    description: 'Models that may be asked, as model or provider/model; * at the end stands for any rest. Left out: all.',
    descriptionZh: '允许使用的模型，写作 model 或 provider/model；末尾的 * 表示任意后缀。未设置时不限。',
    example: '[deepseek-chat, "qwen/*"]',
  },
  {
    key: 'kill-switch',
    kind: { type: 'text', placeholder: 'FILE', isPath: true },
    description:
      'While this file is there, the service refuses questions and approvals (503) and cancels what runs; its first line is told as the reason. Default: kill-switch in the state directory.',
    descriptionZh: '该文件存在时，服务拒绝提问和审批（503）并取消正在进行的回答；第一行作为原因。默认：状态目录中的 kill-switch。',
  },
  {
    key: 'retention',
    kind: { type: 'seconds', min: 3_600, max: 315_360_000 },
    description:
      'Sessions that were not touched for so long are deleted with their outputs while the service runs. Left out: they are kept.',
    descriptionZh: '服务运行时，超过此时间未使用的会话连同输出被删除。未设置时保留。',
    example: '30d',
  },
  {
    key: 'audit-log',
    kind: { type: 'text', placeholder: 'FILE|-', isPath: true },
    description:
      'Where one JSON line is written before and after each command, and for each question and decision: a file that only its owner reads, or - for standard output. What cannot be written down is not run.',
    descriptionZh: '每条命令前后、每次提问和决定写一行 JSON 的位置：仅所有者可读的文件，或 - 表示标准输出。无法记录的命令不会执行。',
  },
  {
    key: 'metrics-auth',
    kind: { type: 'switch' },
    description: '/metrics wants the token, too. Without it the counters are open; they name no people, namespaces or sessions.',
    descriptionZh: '访问 /metrics 也需要令牌。默认开放；指标中没有人员、命名空间或会话的名称。',
    fallback: false,
  },
  {
    key: 'access-log',
    kind: { type: 'text', placeholder: 'FILE|-', isPath: true },
    description: 'Where the service writes one JSON line for each request: a file, or - for standard output.',
    descriptionZh: '服务为每个请求写一行 JSON 的位置：文件，或 - 表示标准输出。',
  },
];
