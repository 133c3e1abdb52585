import type { Models } from '@kw/runtime';
import { nearNames } from '@kw/runtime';
import { both } from '../../errors.ts';
import type { Finding } from './check.ts';
import { probe } from './probe.ts';
import type { Probe, ShownCertificate } from './probe.ts';

const soonMs = 14 * 24 * 60 * 60 * 1000;

/** Whether the key is there, and where from; it is never shown. */
export async function checkKey(models: Models): Promise<Finding> {
  const { preset, keyFrom } = models.endpoint();
  const variables = preset.keyVariables.join(', ');
  if (preset.builtIn === true)
    return { status: 'ok', message: { en: 'none is needed (rules, no language model)', zh: '不需要（规则模型）' } };
  if (keyFrom !== undefined) {
    return {
      status: 'ok',
      message: {
        en: `${preset.title}: ${keyFrom === 'api-keys' ? 'from the configuration file' : keyFrom}`,
        zh: `${preset.title}：${keyFrom === 'api-keys' ? '来自配置文件' : keyFrom}`,
      },
    };
  }
  if (preset.keyCommand !== undefined) return { status: 'ok', message: both(`${preset.title}: ${preset.keyCommand.join(' ')}`) };
  if (!preset.keyRequired)
    return { status: 'ok', message: { en: `${preset.title}: none is set, none is required`, zh: `${preset.title}：未设置，也不是必需` } };
  return {
    status: 'fail',
    message: { en: `API key not found for ${preset.title}`, zh: `没有找到 ${preset.title} 的密钥` },
    fix: {
      en: `set ${variables}, or run kubelet-wuhrai init; without a key: kubelet-wuhrai demo`,
      zh: `请设置 ${variables}，或运行 kubelet-wuhrai init；无需密钥可试用：kubelet-wuhrai demo`,
    },
  };
}

/** The way to the model service: DNS, TCP, TLS and proxy. */
export async function checkEndpoint(
  models: Models,
  at: { readonly signal: AbortSignal; readonly monotonic: () => number; readonly now: number },
): Promise<Finding> {
  const { preset, baseURL, proxy, verifiesCertificates } = models.endpoint();
  if (preset.builtIn === true) return { status: 'ok', message: { en: 'none: nothing leaves this machine', zh: '无：不产生网络请求' } };
  const result = await probe(new URL(baseURL), {
    ...(proxy === undefined ? {} : { proxy: proxy.url }),
    signal: at.signal,
    monotonic: at.monotonic,
  });
  const by =
    proxy === undefined
      ? both('')
      : { en: ` through ${proxy.shown} (${proxy.variable})`, zh: `，经由代理 ${proxy.shown}（${proxy.variable}）` };
  const shown = withoutQuery(baseURL);
  if (result.type === 'failed') return unreached(result, { baseURL: shown, by, hasProxy: proxy !== undefined });
  const { certificate, milliseconds } = result;
  const reached = { en: `${shown}${by.en}, ${milliseconds} ms`, zh: `${shown}${by.zh}，${milliseconds} 毫秒` };
  if (certificate === undefined) return { status: 'ok', message: reached };
  return judgeCertificate(certificate, { reached, verifiesCertificates, now: at.now, host: new URL(baseURL).hostname });
}

interface Unreached {
  readonly baseURL: string;
  readonly by: { readonly en: string; readonly zh: string };
  readonly hasProxy: boolean;
}

function unreached({ stage, host, said }: Extract<Probe, { type: 'failed' }>, { baseURL, by, hasProxy }: Unreached): Finding {
  const stages = {
    dns: { en: `the name of ${host} is not known`, zh: `无法解析 ${host}` },
    tcp: { en: `${host} does not take connections`, zh: `无法连接 ${host}` },
    proxy: { en: `the proxy ${host} gives no way`, zh: `代理 ${host} 拒绝转发` },
    tls: { en: `no TLS with ${host}`, zh: `与 ${host} 的 TLS 握手失败` },
  } as const;
  const fixes = {
    dns: { en: 'check the name, DNS, or whether a proxy is needed (HTTPS_PROXY)', zh: '请检查名称、DNS，或是否需要代理（HTTPS_PROXY）' },
    tcp: {
      en: 'check that it runs, the port, firewalls, or whether a proxy is needed (HTTPS_PROXY)',
      zh: '请检查服务是否运行、端口、防火墙，或是否需要代理（HTTPS_PROXY）',
    },
    proxy: { en: 'check the proxy and its password, or name the host in NO_PROXY', zh: '请检查代理及其密码，或将该主机加入 NO_PROXY' },
    tls: { en: 'is it http:// rather than https://?', zh: '是否应为 http:// 而不是 https://？' },
  } as const;
  const where = hasProxy ? by : both('');
  return {
    status: 'fail',
    message: { en: `${baseURL}${where.en}: ${stages[stage].en} (${said})`, zh: `${baseURL}${where.zh}：${stages[stage].zh}（${said}）` },
    fix: fixes[stage],
  };
}

interface Judging {
  readonly reached: { readonly en: string; readonly zh: string };
  readonly verifiesCertificates: boolean;
  readonly now: number;
  readonly host: string;
}

function judgeCertificate(
  { name, issuer, validTo, distrust }: ShownCertificate,
  { reached, verifiesCertificates, now, host }: Judging,
): Finding {
  const day = Number.isNaN(validTo) ? '?' : new Date(validTo).toISOString().slice(0, 10);
  const shown = {
    en: `certificate of ${name || host} by ${issuer || '?'}, valid until ${day}`,
    zh: `证书 ${name || host}（签发者 ${issuer || '?'}），有效期至 ${day}`,
  };
  if (!verifiesCertificates) {
    return {
      status: 'warn',
      message: { en: `${reached.en}; certificates are not verified (skip-verify-ssl)`, zh: `${reached.zh}；未验证证书（skip-verify-ssl）` },
      fix: {
        en: 'give the authority in NODE_EXTRA_CA_CERTS=/path/ca.pem instead',
        zh: '建议改用 NODE_EXTRA_CA_CERTS=/路径/ca.pem 提供 CA',
      },
    };
  }
  if (distrust !== undefined) {
    return {
      status: 'fail',
      message: { en: `${reached.en}; the ${shown.en} is not trusted: ${distrust}`, zh: `${reached.zh}；${shown.zh} 不受信任：${distrust}` },
      fix: {
        en: 'for an authority of your own set NODE_EXTRA_CA_CERTS=/path/ca.pem; to go without, for this service only: --skip-verify-ssl',
        zh: '若使用自有 CA，请设置 NODE_EXTRA_CA_CERTS=/路径/ca.pem；仅对该服务跳过验证：--skip-verify-ssl',
      },
    };
  }
  const isSoon = validTo - now < soonMs;
  return {
    status: isSoon ? 'warn' : 'ok',
    message: { en: `${reached.en}; ${shown.en}`, zh: `${reached.zh}；${shown.zh}` },
    ...(isSoon ? { fix: { en: 'the certificate ends soon', zh: '证书即将到期' } } : {}),
  };
}

/** Whether the service takes the key and has the model: one request for its list. */
export async function checkModel(models: Models, signal: AbortSignal): Promise<Finding> {
  const { preset, keyFrom } = models.endpoint();
  const { current } = models;
  if (preset.builtIn === true) return { status: 'ok', message: both(current.id) };
  if (preset.keyRequired && keyFrom === undefined && preset.keyCommand === undefined)
    return {
      status: 'skipped',
      message: { en: `${current.id || '?'}: not asked without a key`, zh: `${current.id || '?'}：没有密钥，未查询` },
    };
  const list = await models.loadList({ signal });
  if (list.cause !== undefined) throw list.cause;
  if (!list.live)
    return {
      status: 'ok',
      message: { en: `${current.id}: ${preset.title} lists no models to ask for`, zh: `${current.id}：${preset.title} 不提供模型列表` },
    };
  const offered = list.models.filter(({ onlyDocumented }) => onlyDocumented !== true).map(({ id }) => id);
  if (current.id === '') {
    const [first] = offered;
    if (first !== undefined)
      return { status: 'ok', message: { en: `${first} (the first that it offers)`, zh: `${first}（服务提供的第一个模型）` } };
    return {
      status: 'fail',
      message: { en: 'the service offers no model', zh: '服务没有提供任何模型' },
      fix: { en: 'load one there', zh: '请先在服务端加载模型' },
    };
  }
  if (offered.includes(current.id))
    return {
      status: 'ok',
      message: { en: `${current.id}: the key is taken, the model is there`, zh: `${current.id}：密钥有效，模型可用` },
    };
  const near = nearNames(current.id, offered);
  const names = (near.length > 0 ? near : offered.slice(0, 3)).join(', ');
  return {
    status: 'warn',
    message: {
      en: `${current.id} is not in the list of ${preset.title}; the key is taken`,
      zh: `${preset.title} 的模型列表中没有 ${current.id}；密钥有效`,
    },
    fix: { en: `it offers ${names}: kubelet-wuhrai models`, zh: `可用的有 ${names}：kubelet-wuhrai models` },
  };
}

/** An address for people: what stands behind its question mark may be a key. */
function withoutQuery(address: string): string {
  const url = new URL(address);
  return url.search === '' ? address : `${url.origin}${url.pathname}?***`;
}
