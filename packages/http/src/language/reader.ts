import type { Language } from './language.ts';

/** In which words somebody is told of things. */
export interface Reader {
  readonly language: Language;
  /** Why a call was judged or decided so; what is not known stays as it is. */
  reasonIn(reason: string): string;
}
