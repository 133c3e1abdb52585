import type { PolicyMode, PolicyRule } from '@kw/agent';
import type { Preset } from '@kw/providers';
import type { OptionKey, SourcedValue } from './option.ts';
import type { AuthMode, ServiceConfig } from './service-config.ts';

/** The whole configuration: parsed once, frozen, and the only thing that is handed on. */
export interface Config {
  readonly provider: string;
  /** A base URL, where the provider was given as `scheme://host`. */
  readonly endpoint?: string;
  readonly model?: string;
  /** Providers of the file, as they are written there. */
  readonly providers: Readonly<Record<string, unknown>>;
  /** The same, in front of the built-in ones. */
  readonly presets: readonly Preset[];
  /** Whether tools are offered natively, by the prompt (`shim`), or as the server needs it. */
  readonly toolUse: 'auto' | 'shim' | 'native';
  /** Any certificate of the configured provider's origin is accepted. */
  readonly skipVerifySsl: boolean;
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly permissions: PolicyMode;
  readonly dangerouslyAllow: boolean;
  readonly rules: readonly PolicyRule[];
  readonly maxIterations: number;
  readonly maxTokens?: number;
  /** In the currency of the model's prices. */
  readonly maxCost?: number;
  readonly timeoutSeconds?: number;
  readonly toolTimeoutSeconds: number;
  /** How long a model may be silent before its answer's headers, before its first word, and between two words. */
  readonly headersTimeoutSeconds: number;
  readonly firstWordTimeoutSeconds: number;
  readonly idleTimeoutSeconds: number;
  readonly contextWindow?: number;
  /** Files and directories with tools of one's own; none: the default file, where it is there. */
  readonly toolsConfig: readonly string[];
  readonly mcpClient: boolean;
  readonly mcpServer: boolean;
  readonly externalTools: boolean;
  readonly mcpConfig: string;
  readonly quiet: boolean;
  readonly output: 'text' | 'json' | 'jsonl';
  readonly showToolOutput: boolean;
  readonly showSecrets: boolean;
  readonly language: 'en' | 'zh';
  /** True where the language was chosen, not taken from the locale: answers then follow it, too. */
  readonly languageIsChosen: boolean;
  readonly userInterface: 'terminal' | 'html';
  readonly listenAddress: string;
  readonly authToken?: string;
  readonly auth: AuthMode;
  /** Settings of the service for teams. */
  readonly service: ServiceConfig;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly maxConcurrentRuns: number;
  readonly metricsAuth: boolean;
  /** A file, or `-` for standard output. */
  readonly accessLog?: string;
  /** An id, the beginning of one, or `latest`. */
  readonly resumeSession?: string;
  readonly newSession: boolean;
  readonly stateDirectory: string;
  readonly logFile: string;
  /** False: nothing is logged, because neither a verbosity nor a file was chosen. */
  readonly isLogged: boolean;
  /** 0 to 9. */
  readonly verbosity: number;
  readonly tracePath?: string;
  readonly removeWorkdir: boolean;
  /** `~/.config/kubelet-wuhrai`, where files are that no option names. */
  readonly configDirectory: string;
  /** The file that was read, or would have been. */
  readonly configFile: string;
}

/** A configuration together with what people should be told of it. */
export interface LoadedConfig {
  readonly config: Config;
  /** In the configuration's language. */
  readonly warnings: readonly string[];
  /** Every setting: its value for people and where it came from. */
  readonly sources: ReadonlyMap<OptionKey, SourcedValue>;
}
