/** An English sentence of a package below, and its Chinese one. */
export interface ChineseSentence {
  readonly code: string;
  readonly pattern: RegExp;
  readonly chinese: (...groups: readonly string[]) => string;
}

const sentence = (code: string, pattern: RegExp, chinese: ChineseSentence['chinese']): ChineseSentence => ({ code, pattern, chinese });

/** A context, or a user or cluster, in its file. */
const placeWords = new Map([
  ['context', 'context'],
  ['cluster', '集群'],
  ['user', '用户'],
]);

function place(text: string): string {
  return text.replaceAll(
    /\b(context|cluster|user) ("[^"]*")(?: in ("[^"]*"))?/g,
    (_, kind: string, name: string, file: string | undefined) =>
      file === undefined ? `${placeWords.get(kind) ?? kind} ${name}` : `${file} 中的${placeWords.get(kind) ?? kind} ${name}`,
  );
}

/** Names that are known, or that there are none. */
function known(text: string): string {
  return text === 'It knows no context.'
    ? '其中没有任何 context。'
    : text.replace(/^Known contexts: (.*)\.$/s, '已知的 context：$1。').replace(/ and (\d+) more/, ' 等（另有 $1 个）');
}

/** Why a server is not reached. */
const reasons = new Map([
  ['nothing listens there', '该地址没有服务在监听'],
  ['its name is not known to DNS', 'DNS 中没有该名称'],
  ['DNS does not answer', 'DNS 没有响应'],
  ['there is no way to that host', '没有到该主机的路由'],
  ['there is no way to that network', '没有到该网络的路由'],
  ['it does not answer', '没有响应'],
  ['it closed the connection', '连接被对方关闭'],
]);

/** Why a file is not read. */
const fileReasons = new Map([
  ['does not exist.', '文件不存在。'],
  ['may not be read: check its permissions.', '没有读取权限。'],
  ['is a loop of symbolic links.', '符号链接形成循环。'],
  ['is a directory, not a file.', '是目录而不是文件。'],
  ['is not UTF-8 text.', '不是 UTF-8 文本。'],
]);

/** Sentences of the packages below that may end the program, by code; the first that fits is taken. They are translated here because those packages speak English only. */
export const sentences: readonly ChineseSentence[] = [
  sentence(
    'no-cluster',
    /^There is no cluster: no kubeconfig at (.*), and this is not a pod\. Set KUBECONFIG or name a kubeconfig\.$/s,
    (files = '') =>
      `没有集群：${files} 处没有 kubeconfig，且当前不在 Pod 中。请设置 KUBECONFIG 或用 --kubeconfig 指定。没有集群也可试用：kubelet-wuhrai demo`,
  ),
  sentence(
    'no-cluster',
    /^KUBERNETES_SERVICE_HOST says that this is a pod, but its service account token (".*") can't be read/s,
    (path = '') =>
      `KUBERNETES_SERVICE_HOST 表明当前在 Pod 中，但无法读取服务账号令牌 ${path}：请设置 automountServiceAccountToken，或挂载 kubeconfig 并用 KUBECONFIG 指定。`,
  ),
  sentence(
    'no-context',
    /^No context is chosen: the kubeconfig (.*) has no current-context\. (.*)$/s,
    (files = '', names = '') => `没有选择 context：kubeconfig ${files} 中没有 current-context。${known(names)}`,
  ),
  sentence(
    'unknown-context',
    /^There is no context (".*?") in the kubeconfig (.*?)\. ((?:Known|It knows).*)$/s,
    (name = '', files = '', names = '') => `kubeconfig ${files} 中没有 context ${name}。${known(names)}`,
  ),
  sentence(
    'kubeconfig-unreadable',
    /^The (?:.*?) ("[^"]*") (.*)$/s,
    (path = '', why = '') => `无法读取 kubeconfig ${path}：${fileReasons.get(why) ?? why}`,
  ),
  sentence(
    'kubeconfig-invalid',
    /^The kubeconfig (".*?") is not valid: it can't be read as YAML: (.*)$/s,
    (path = '', why = '') => `kubeconfig ${path} 无效：不是有效的 YAML：${why}`,
  ),
  sentence(
    'kubeconfig-invalid',
    /^The kubeconfig (".*?") is not valid: (.*)$/s,
    (path = '', why = '') => `kubeconfig ${path} 无效：${why}`,
  ),
  sentence(
    'kubeconfig-invalid',
    /^(".*?") can't be the name of a namespace/s,
    (name = '') => `${name} 不能作为命名空间名称：只能包含小写字母、数字和 "-"，最多 63 个字符。`,
  ),
  sentence(
    'kubeconfig-invalid',
    /^The (context .*) names the (cluster|user) (".*?"), which no kubeconfig file has\.$/s,
    (where = '', kind = '', name = '') =>
      `${place(where)} 引用了${placeWords.get(kind) ?? kind} ${name}，但没有任何 kubeconfig 文件包含它。`,
  ),
  sentence('kubeconfig-invalid', /^The (context .*) names no cluster\.$/s, (where = '') => `${place(where)} 没有指定集群。`),
  sentence('kubeconfig-invalid', /^The (cluster .*) has no server\.$/s, (where = '') => `${place(where)} 没有 server。`),
  sentence(
    'kubeconfig-invalid',
    /^The ((?:cluster|user) ".*?" in ".*?") (.*)$/s,
    (where = '', problem = '') => `${place(where)} 有误：${problem}`,
  ),
  sentence(
    'exec-failed',
    /^The exec plugin (".*?") of the (user .*?) is (not on PATH|not an executable file)\. (.*)$/s,
    (command = '', where = '', why = '', hint = '') =>
      `${place(where)} 使用的 exec 插件 ${command} ${why === 'not on PATH' ? '不在 PATH 中' : '不是可执行文件'}。${hint === 'Install it, or correct users[].user.exec.command.' ? '请安装它，或修正 users[].user.exec.command。' : hint}`,
  ),
  sentence(
    'unauthorized',
    /^The API server (".*?") does not accept the credentials of user (".*?") of context (".*?")/s,
    (server = '', user = '', context = '') =>
      `API 服务器 ${server} 不接受 context ${context} 中用户 ${user} 的凭据。凭据可能已过期：请重新登录。`,
  ),
  sentence(
    'unreachable',
    /^The API server (".*?") of context (".*?") is not reachable: (.*?)(?: \(([A-Z_]+)\))?\.$/s,
    (server = '', context = '', why = '', code = '') =>
      `无法连接 context ${context} 的 API 服务器 ${server}：${reasons.get(why) ?? why}${code === '' ? '' : `（${code}）`}。`,
  ),
  sentence(
    'tls',
    /^The API server (".*?") of context (".*?") can't be trusted: (.*)$/s,
    (server = '', context = '', why = '') => `context ${context} 的 API 服务器 ${server} 不受信任：${why}`,
  ),
  sentence(
    'timeout',
    /^The API server (?:(".*?") )?did not answer in (\d+) s/s,
    (server = '', seconds = '') => `API 服务器 ${server} 在 ${seconds} 秒内没有响应。请检查网络是否可达。`,
  ),
  sentence(
    'unknown-session',
    /^[Tt]here is no session ("?[^\s;."]+"?)/s,
    (name = '') => `没有会话 ${name}；用 kubelet-wuhrai sessions 可列出全部会话`,
  ),
  sentence(
    'session-busy',
    /^[Ss]ession (\S+) is being used by another process/s,
    (name = '') => `会话 ${name} 正被另一个进程使用；请先结束该进程`,
  ),
  sentence(
    'session-busy',
    /^The session (\S+) has a run under way/s,
    (name = '') => `会话 ${name} 正在处理一个问题。请等待其结束或取消它。`,
  ),
  sentence('bad-session-id', /^(.*) is no session id/s, (name = '') => `${name} 不是会话编号：只能包含 1 到 64 个字母、数字、- 和 _。`),
  sentence('store-unavailable', /^The session store (\S+) (.*)$/s, (path = '', why = '') => `无法使用会话存储 ${path}：${why}`),
  sentence(
    'address-in-use',
    /^(\S+) is in use by another program/s,
    (where = '') => `${where} 已被其他程序占用。请更换 --ui-listen-address，或结束该程序。`,
  ),
  sentence(
    'cannot-listen',
    /^(\S+) cannot be listened on \((.*)\)/s,
    (where = '', why = '') => `无法监听 ${where}（${why}）。请更换 --ui-listen-address。`,
  ),
  sentence(
    'bad-listen-address',
    /^(.*) is no listen address/s,
    (text = '') => `${text} 不是监听地址。请写成 主机:端口，例如 127.0.0.1:8888 或 0.0.0.0:8888。`,
  ),
  sentence(
    'bad-configuration',
    /^(\S+): unknown key "(.*?)"(?:; did you mean "(.*?)"\?)?/s,
    (origin = '', key = '', near = '') => `${origin}：未知的键 "${key}"${near === '' ? '' : `；是否应为 "${near}"？`}`,
  ),
  sentence('bad-configuration', /^(\S+): a tool needs "(.*)"$/s, (origin = '', key = '') => `${origin}：工具缺少 "${key}"`),
  sentence(
    'bad-configuration',
    /^(\S+): the name "(.*)" belongs to a built-in tool/s,
    (origin = '', name = '') => `${origin}：名称 "${name}" 属于内置工具；请换一个名称`,
  ),
  sentence(
    'bad-configuration',
    /^(\S+): there is a tool "(.*)" already \((.*)\)$/s,
    (origin = '', name = '', first = '') => `${origin}：已有工具 "${name}"（${first}）`,
  ),
  sentence('bad-configuration', /^tools-config: (.*): there is no such file or directory$/s, (path = '') => `tools-config：${path} 不存在`),
  sentence(
    'bad-configuration',
    /^(\S+): the file must hold a list of tools/s,
    (origin = '') => `${origin}：文件必须是工具列表，每项以 "- name:" 开头`,
  ),
  sentence(
    'bad-configuration',
    /^(\S+): the file must hold a map with the key "servers"$/s,
    (origin = '') => `${origin}：文件必须是包含键 "servers" 的映射`,
  ),
  sentence('bad-configuration', /^(\S+): a server needs a `name`$/s, (origin = '') => `${origin}：服务缺少 name`),
  sentence(
    'bad-configuration',
    /^(\S+): (.*?)the variable (\S+) is not set$/s,
    (origin = '', where = '', name = '') => `${origin}：${where}未设置变量 ${name}`,
  ),
  sentence(
    'unknown-mcp-server',
    /^there is no MCP server (.*); the servers are: (.*)$/s,
    (name = '', names = '') => `没有 MCP 服务器 ${name}；已配置的有：${names === '(none)' ? '（无）' : names}`,
  ),
  sentence('mcp-disabled', /^MCP server (\S+): (.*)$/s, (name = '', why = '') => `MCP 服务器 ${name} 已停用：${why}`),
  sentence('mcp-login-needed', /login (\S+)$/s, (name = '') => `需要登录：kubelet-wuhrai mcp login ${name}`),
  sentence('mcp-failed', /^MCP server (\S+): (.*)$/s, (name = '', why = '') => `MCP 服务器 ${name}：${why}`),
  sentence('mcp-state', /^(\S+) cannot be read: (.*)$/s, (path = '', why = '') => `无法读取 ${path}：${why}`),
];
