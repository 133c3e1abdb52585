/** The key of a setting. */
export type OptionKey =
  | 'llm-provider'
  | 'model'
  | 'api-keys'
  | 'kubeconfig'
  | 'context'
  | 'namespace'
  | 'permissions'
  | 'skip-permissions'
  | 'dangerously-allow'
  | 'rules'
  | 'max-iterations'
  | 'max-tokens'
  | 'timeout'
  | 'tool-timeout'
  | 'context-window'
  | 'quiet'
  | 'show-tool-output'
  | 'show-secrets'
  | 'lang'
  | 'user-interface'
  | 'ui-listen-address'
  | 'auth-token'
  | 'auth'
  | 'allowed-host'
  | 'state-dir'
  | 'config';

/** What a value is, and how it is written on the command line, in the environment and in the file. */
export type OptionKind =
  | { readonly type: 'text'; readonly placeholder: string }
  | { readonly type: 'switch' }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'seconds'; readonly min: number; readonly max: number }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  /** A map of names to texts; only in the file. */
  | { readonly type: 'texts' }
  /** A list of policy rules; only in the file. */
  | { readonly type: 'rules' };

/** One setting: the only place that names its key, flag, variables, default and meaning. */
export interface OptionSpec {
  /** In kebab-case; also the flag's name where `flag` is not false. */
  readonly key: OptionKey;
  readonly kind: OptionKind;
  readonly description: string;
  readonly descriptionZh: string;
  /** False: not a flag. */
  readonly flag?: false;
  /** False: not a key of the file. */
  readonly file?: false;
  readonly short?: string;
  /** Variables that set it, the first one that is not empty wins. */
  readonly env?: readonly string[];
  /** As it is written in the documentation. */
  readonly fallback?: string | number | boolean;
  readonly example?: string;
  /** True: never shown, not even in part. */
  readonly secret?: true;
}

/** Where a value came from, the stronger the later. */
export type Layer = 'default' | 'file' | 'environment' | 'flag';
