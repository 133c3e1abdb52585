import type { ProviderErrorCode } from '../failure.ts';

/** What a sentence about a failure may name. Lists of variables are joined; absent facts are empty texts. */
export interface Facts {
  readonly provider: string;
  readonly title: string;
  readonly model: string;
  readonly url: string;
  readonly host: string;
  /** Variables of the key. */
  readonly key: string;
  /** Variables of the address. */
  readonly address: string;
  /** `HTTP 404`, or empty. */
  readonly status: string;
  readonly forbidden: boolean;
  /** How long the vendor asks to wait, in words. */
  readonly wait: string;
  /** The vendor's or the network's own text. */
  readonly said: string;
  readonly near: readonly string[];
  /** The vendor's way out: of an unknown model, or of a key. */
  readonly hint: string;
  /** A 404 without words: the address may be wrong as well. */
  readonly bare: boolean;
}

/** Everything that is said about failures, in one language. Sentences have no full stop at their end. */
export interface Words {
  readonly sentences: Readonly<Record<ProviderErrorCode, (facts: Facts) => string>>;
  /** The vendor's own words, quoted. */
  readonly says: (title: string, said: string) => string;
  readonly cause: (said: string) => string;
  readonly attempts: (count: number) => string;
  readonly fullStop: string;
  readonly retry: {
    readonly in: (wait: string) => string;
    readonly now: string;
    readonly rateLimited: string;
    readonly overloaded: string;
    readonly serverError: string;
    readonly empty: string;
    readonly noConnection: string;
    readonly brokeOff: string;
  };
  /** What is said of an answer that did not come, or broke off. */
  readonly broken: {
    readonly headers: (wait: string) => string;
    readonly firstContent: (wait: string) => string;
    readonly idle: (wait: string) => string;
    readonly list: (wait: string) => string;
    readonly callPiece: string;
    readonly middle: string;
  };
  readonly joiner: string;
}
