import { isKwError, KwError } from '@kw/providers';
import type { Bilingual } from '../bilingual-error.ts';

/** Something that people should know, in both languages. */
export type Notice = Bilingual;

/** A key that the program does not know. */
export function unknownKey(origin: string, key: string, near: string | undefined): Notice {
  return {
    en: `${origin}: unknown key "${key}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    zh: `${origin}：未知的键 "${key}"${near === undefined ? '' : `；是否应为 "${near}"？`}`,
  };
}

/** A file with a secret that others can read. */
export function readableByOthers(path: string): Notice {
  return {
    en: `${path} holds a secret and can be read by others: chmod 600 ${path}`,
    zh: `${path} 含有机密且可被他人读取：请运行 chmod 600 ${path}`,
  };
}

/** A model given by a stronger layer than the provider. */
export function providerSetAside(model: string, inferred: string, written: string): Notice {
  return {
    en: `model ${model} is served by ${inferred}; the configured provider ${written} is set aside (--llm-provider decides)`,
    zh: `模型 ${model} 由 ${inferred} 提供；已忽略配置的服务 ${written}（可用 --llm-provider 指定）`,
  };
}

/** A model given by a weaker layer than the provider, which doesn't have it. */
export function modelSetAside(model: string, inferred: string, written: string): Notice {
  return {
    en: `model ${model} is served by ${inferred}; with the provider ${written} it is set aside (--model decides)`,
    zh: `模型 ${model} 由 ${inferred} 提供；使用服务 ${written} 时已忽略该模型（可用 --model 指定）`,
  };
}

/** Tools that are not there because they could act as somebody else than the user. */
export function onlyKubectl(identity: string): Notice {
  return {
    en: `with cluster-identity: ${identity} kubectl is the only tool that reaches the cluster: bash and tools of tools.yaml could act as this service`,
    zh: `cluster-identity: ${identity} 时只有 kubectl 可访问集群：bash 和 tools.yaml 中的工具可能以本服务的身份操作`,
  };
}

/** A kubeconfig that is named and not there. */
export function noKubeconfig(origin: string, path: string): Notice {
  return {
    en: `${origin} names ${path}, and there is no such file`,
    zh: `${origin} 指定的 ${path} 不存在`,
  };
}

/** Certificates of the model service that are not checked. */
export function certificatesUnchecked(provider: string, origin: string): Notice {
  return {
    en: `certificates of the model service ${provider} are not verified (${origin}): whoever is in between can read keys and answers`,
    zh: `不验证模型服务 ${provider} 的证书（${origin}）：中间人可以读取密钥和回答`,
  };
}

/** A store that can not be opened. */
export function notKept(reason: string): Notice {
  return {
    en: `${reason} This question is answered, but it is not kept and nothing is changed.`,
    zh: `${reason} 本问题会得到回答，但不会保存，也不做任何变更。`,
  };
}

/** A store that fails while it is used. */
export function notWritten(reason: string): Notice {
  return {
    en: `nothing can be written to the session store, so nothing is changed and new questions are refused. ${reason}`,
    zh: `无法写入会话存储，因此不做任何变更，并拒绝新问题。${reason}`,
  };
}

/** Outputs that the disk does not take. */
export function outputsInMemory(reason: string): Notice {
  return {
    en: `outputs of commands are kept in memory only, until the program ends: ${reason}`,
    zh: `命令输出仅保存在内存中，程序结束后即丢失：${reason}`,
  };
}

/** The same error, with the warnings that were found before it. */
export function withWarnings(error: unknown, warnings: readonly string[]): unknown {
  if (!isKwError(error) || warnings.length === 0) return error;
  return new KwError(error.code, error.message, { cause: error, details: { ...error.details, warnings: warnings.join('\n') } });
}

/** The warnings that accompany an error of `loadConfig`. */
export function warningsOf(error: unknown): readonly string[] {
  const warnings = isKwError(error) ? error.details['warnings'] : undefined;
  return typeof warnings === 'string' ? warnings.split('\n') : [];
}
