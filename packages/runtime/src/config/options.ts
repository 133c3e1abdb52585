import type { OptionSpec } from './option.ts';
import { programOptions } from './program-options.ts';
import { questionOptions } from './question-options.ts';
import { serviceOptions } from './service-options.ts';

/** Every setting of the program, in the order of the documentation. */
export const options: readonly OptionSpec[] = [...questionOptions, ...serviceOptions, ...programOptions];
