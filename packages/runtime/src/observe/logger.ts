import { isKwError } from '@kw/providers';
import { chineseOf } from '../bilingual-error.ts';
import { openAppendFile } from './append-file.ts';
import type { AppendFile } from './append-file.ts';

/** A value of a log line. */
export type LogValue = string | number | boolean | readonly string[] | undefined;

/** How much is logged: 0 warnings, 1 runs and turns, 2 requests, commands and timings, 4 events. */
export type LogLevel = 0 | 1 | 2 | 4;

/** Takes lines for the log. Never throws, and never takes a secret: texts pass the redactor. */
export interface Logger {
  readonly verbosity: number;
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, LogValue>>): void;
  close(): void;
}

/** What a log is made of. */
export interface LoggerOptions {
  readonly path: string;
  readonly verbosity: number;
  readonly userId: number | undefined;
  readonly processId: number | undefined;
  readonly redact: (text: string) => string;
  readonly language: 'en' | 'zh';
  readonly now?: () => number;
  /** Told once where the file can not be written; the program goes on. */
  readonly onProblem: (message: string) => void;
}

const names = new Map<LogLevel, string>([
  [0, 'warning'],
  [1, 'info'],
  [2, 'detail'],
  [4, 'debug'],
]);

/** Makes a log in JSON lines. The file is opened by the first line that is written. */
export function createLogger({ path, verbosity, userId, processId, redact, language, now = Date.now, onProblem }: LoggerOptions): Logger {
  let file: AppendFile | undefined;
  let broken = false;
  return {
    verbosity,
    log: (level, event, fields = {}) => {
      if (level > verbosity || broken) return;
      const line = { time: new Date(now()).toISOString(), level: names.get(level), process: processId, event, ...redacted(fields, redact) };
      try {
        file ??= openAppendFile(path, userId);
        file.write(`${JSON.stringify(line)}\n`);
      } catch (error) {
        broken = true;
        onProblem(
          language === 'zh' ? `日志已关闭：${isKwError(error) ? chineseOf(error) : String(error)}` : `the log is off: ${messageOf(error)}`,
        );
      }
    },
    close: () => file?.close(),
  };
}

function messageOf(error: unknown): string {
  return isKwError(error) || error instanceof Error ? error.message : String(error);
}

function redacted(fields: Readonly<Record<string, LogValue>>, redact: (text: string) => string): Record<string, LogValue> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value === 'string') return [name, redact(value)];
      return [name, typeof value === 'object' ? value.map((text) => redact(text)) : value];
    }),
  );
}
