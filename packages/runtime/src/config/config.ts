import type { PolicyMode, PolicyRule } from '@kw/agent';

/** The whole configuration: parsed once, frozen, and the only thing that is handed on. */
export interface Config {
  readonly provider: string;
  /** A base URL, where the provider was given as `scheme://host`. */
  readonly endpoint?: string;
  readonly model?: string;
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly permissions: PolicyMode;
  readonly dangerouslyAllow: boolean;
  readonly rules: readonly PolicyRule[];
  readonly maxIterations: number;
  readonly maxTokens?: number;
  readonly timeoutSeconds?: number;
  readonly toolTimeoutSeconds: number;
  readonly contextWindow?: number;
  readonly quiet: boolean;
  readonly showToolOutput: boolean;
  readonly showSecrets: boolean;
  readonly language: 'en' | 'zh';
  /** True where the language was chosen, not taken from the locale: answers then follow it, too. */
  readonly languageIsChosen: boolean;
  readonly userInterface: 'terminal' | 'html';
  readonly listenAddress: string;
  readonly authToken?: string;
  readonly auth: 'token' | 'none';
  readonly allowedHost?: string;
  readonly stateDirectory: string;
  /** The file that was read, or would have been. */
  readonly configFile: string;
}

/** A configuration together with what people should be told of it. */
export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly string[];
}
