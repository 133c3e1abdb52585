import type { ModelLimits } from './chat-model.ts';
import type { Price } from './price.ts';
import type { Quirks } from './quirks.ts';
import type { Bilingual } from './language.ts';

/** A base URL that holds variables as `{NAME}` or `{NAME|OTHER}`: the first that is set fills it. */
export interface BaseURLTemplate {
  readonly baseURL: string;
  /** Values that variables must have for this template to be taken. */
  readonly when?: Readonly<Record<string, string>>;
}

/** A provider as data: where it is, how it is paid and what it is called. */
export interface Preset {
  readonly id: string;
  /** Other names under which it is known. */
  readonly aliases: readonly string[];
  /** The vendor's name for people. */
  readonly title: string;
  /** The vendor's own base URL; absent where only the user knows it. */
  readonly baseURL?: string;
  /** Base URLs that depend on variables, in place of `baseURL`; the first whose condition holds. */
  readonly baseURLTemplates?: readonly BaseURLTemplate[];
  /** Values of variables in templates and paths where none is set. */
  readonly variableDefaults?: Readonly<Record<string, string>>;
  /** Path (and query, with variables) that is added to `id://host`. */
  readonly path: string;
  /** Variables that override the base URL; the first that is set wins. */
  readonly endpointVariables: readonly string[];
  /** Where such a variable holds a host without a path, `path` is added; without a scheme it is `http`, without a port this one. */
  readonly hostVariable?: { readonly defaultPort?: number };
  /** Path of a chat where the base URL names an `api-version`; `{model}` is the deployment. */
  readonly deploymentPath?: string;
  /** Variables that hold the key; the first that is set wins. */
  readonly keyVariables: readonly string[];
  readonly keyRequired: boolean;
  /** The header that carries the key. Default `authorization`, as `Bearer KEY`; any other carries the key alone. */
  readonly keyHeader?: string;
  /** A command (argv) of the vendor's own tool that prints a short-lived key; a host may run it to fill `accessToken`. */
  readonly keyCommand?: readonly string[];
  /** Variables that name the default model; they win over `defaultModel`. */
  readonly modelVariables: readonly string[];
  readonly defaultModel?: string;
  /** Where neither a model nor a default is given, the first of the live list is taken. */
  readonly firstListedModel?: boolean;
  /** Models to list where the vendor's live list cannot be had. */
  readonly models: readonly string[];
  /** Documented names stay in the list also where the live list lacks them. */
  readonly keepDocumented?: boolean;
  /** `false`: the vendor has no list of what this key may use. */
  readonly liveList?: boolean;
  /** Short names and what they are sent as. */
  readonly modelAliases: readonly (readonly [alias: string, model: string])[];
  /** Model names that belong to this provider where none is named. */
  readonly modelPattern?: RegExp;
  /** The way out where the vendor does not know a model, in the vendor's own terms. */
  readonly modelHint?: Bilingual;
  /** The way out where the vendor does not accept the key, in the vendor's own terms. */
  readonly keyHint?: Bilingual;
  readonly quirks?: Partial<Quirks>;
  /** Sizes of all its models, where they are known better than the table of families does. */
  readonly limits?: Partial<ModelLimits>;
  /** A variable that tells the window of the server's models, in tokens. */
  readonly windowVariable?: string;
  /** A header by which the vendor keeps the requests of one conversation on one server, so that its prompt cache hits. */
  readonly conversationHeader?: string;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Prices of the configuration, by model name or `*`; they win over the table. */
  readonly prices?: Readonly<Record<string, Price>>;
  /** True until a stream of the real vendor was recorded and is replayed by the tests. */
  readonly experimental?: boolean;
  /** The key of the configuration that describes it, such as `providers.gateway`. */
  readonly configuredAs?: string;
  /** Runs inside this program: no network, no key. */
  readonly builtIn?: boolean;
}
