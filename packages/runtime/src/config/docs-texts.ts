import type { OptionKind, OptionSpec } from './option.ts';

/** What the configuration page says around the table of settings, in one language. */
export interface DocsTexts {
  /** Up to the first setting. */
  readonly head: string;
  /** From the heading of the providers to the head of their table. */
  readonly providers: string;
  /** Behind the rows of the providers. */
  readonly tail: string;
  /** Between the parts of a list. */
  readonly list: string;
  /** Names of the rows of a setting's table. */
  readonly rows: {
    readonly key: string;
    readonly flag: string;
    readonly variable: string;
    readonly value: string;
    readonly fallback: string;
    readonly example: string;
  };
  /** Remarks in the table of providers. */
  readonly provider: { readonly experimental: string; readonly optional: string; readonly otherwise: string };
  description(spec: OptionSpec): string;
  /** What may be written there. */
  value(kind: OptionKind): string;
}
