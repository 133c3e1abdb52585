/** The key of a setting. */
export type OptionKey =
  | 'llm-provider'
  | 'model'
  | 'api-keys'
  | 'providers'
  | 'enable-tool-use-shim'
  | 'skip-verify-ssl'
  | 'kubeconfig'
  | 'context'
  | 'namespace'
  | 'permissions'
  | 'read-only'
  | 'skip-permissions'
  | 'dangerously-allow'
  | 'rules'
  | 'max-iterations'
  | 'max-tokens'
  | 'max-cost'
  | 'timeout'
  | 'tool-timeout'
  | 'headers-timeout'
  | 'first-word-timeout'
  | 'idle-timeout'
  | 'context-window'
  | 'tools-config'
  | 'mcp-client'
  | 'mcp-config'
  | 'mcp-server'
  | 'external-tools'
  | 'quiet'
  | 'output'
  | 'show-tool-output'
  | 'show-secrets'
  | 'lang'
  | 'user-interface'
  | 'ui-listen-address'
  | 'auth-token'
  | 'auth'
  | 'auth-tokens'
  | 'access'
  | 'loopback-auth'
  | 'oidc-issuer'
  | 'oidc-audience'
  | 'oidc-username-claim'
  | 'oidc-username-prefix'
  | 'oidc-groups-claim'
  | 'oidc-groups-prefix'
  | 'token-review-audience'
  | 'cluster-identity'
  | 'trusted-proxy'
  | 'allowed-host'
  | 'cors-origin'
  | 'max-concurrent-runs'
  | 'max-runs-per-user'
  | 'max-tool-processes'
  | 'daily-tokens'
  | 'daily-cost'
  | 'allowed-models'
  | 'kill-switch'
  | 'retention'
  | 'audit-log'
  | 'metrics-auth'
  | 'access-log'
  | 'resume-session'
  | 'new-session'
  | 'state-dir'
  | 'log-file'
  | 'v'
  | 'trace-path'
  | 'remove-workdir'
  | 'config';

/** What a value is, and how it is written on the command line, in the environment and in the file. */
export type OptionKind =
  /** A path may begin with `~/`. */
  | { readonly type: 'text'; readonly placeholder: string; readonly isPath?: true }
  | { readonly type: 'switch' }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'seconds'; readonly min: number; readonly max: number }
  | { readonly type: 'decimal'; readonly min: number; readonly max: number }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  /** A map of names to texts; only in the file. */
  | { readonly type: 'texts' }
  /** A list of texts; separated by commas in a flag. */
  | { readonly type: 'list'; readonly placeholder: string; readonly isPath?: true }
  /** A map of names to descriptions of providers; only in the file. */
  | { readonly type: 'providers' }
  /** A list of policy rules; only in the file. */
  | { readonly type: 'rules' }
  /** A list of maps; only in the file. */
  | { readonly type: 'entries'; readonly of: string };

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
  /** Other names of the key and of the flag. */
  readonly aliases?: readonly string[];
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

/** Where a value came from, and the value for people. */
export interface SourcedValue {
  readonly layer: Layer;
  /** `path:line`, the name of a variable, `--flag`, or `default`. */
  readonly origin: string;
  /** As one line; `***` for a secret, empty where nothing is set. */
  readonly value: string;
}
