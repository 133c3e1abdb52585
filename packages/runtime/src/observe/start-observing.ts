import { isKwError } from '@kw/providers';
import { bilingualError, chineseOf } from '../bilingual-error.ts';
import type { Config } from '../config/config.ts';
import type { RuntimeHost } from '../host.ts';
import type { AppendFile } from './append-file.ts';
import { openAppendFile } from './append-file.ts';
import { logObserver } from './log-observer.ts';
import type { Logger } from './logger.ts';
import { createLogger } from './logger.ts';
import { allObservers } from './observe-store.ts';
import type { Observer } from './observer.ts';
import { traceObserver } from './trace-observer.ts';

/** The log and the trace of a process. */
export interface Observing {
  readonly logger: Logger;
  readonly observer: Observer;
}

/** What observing needs of the program. */
export interface ObservingOptions {
  readonly redact: (text: string) => string;
  /** Takes what people should know: a log that can not be written stops nothing. */
  readonly warn: (message: string) => void;
}

/** Opens what the configuration asks for. Throws KwError `bad-configuration` where the trace can not be written: it was asked for by name. */
export function startObserving(config: Config, host: RuntimeHost, { redact, warn }: ObservingOptions): Observing {
  const { userId, processId } = host;
  const { logFile: path, verbosity, language } = config;
  const logger = createLogger({ path, verbosity, userId, processId, redact, language, onProblem: warn });
  const log = logObserver(logger);
  if (config.tracePath === undefined) return { logger, observer: log };
  const file = openTrace(config.tracePath, userId);
  return { logger, observer: allObservers([log, traceObserver({ file, redact, language, onProblem: warn })]) };
}

function openTrace(path: string, userId: number | undefined): AppendFile {
  try {
    return openAppendFile(path, userId);
  } catch (error) {
    if (!isKwError(error)) throw error;
    throw bilingualError(
      'bad-configuration',
      { en: `trace-path: ${error.message}`, zh: `trace-path:${chineseOf(error)}` },
      { cause: error },
    );
  }
}
