import { exitCodes } from '../../exit-code.ts';
import type { CliHost } from '../../host.ts';
import { languageOf } from '../../language.ts';
import { safeText } from '../../render/safe-text.ts';
import type { Candidate, CompletionSources } from './candidates.ts';
import { candidatesFor } from './candidates.ts';

/** A word with controls, line breaks or hidden characters is not offered: it would be other words, or steer the terminal. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** kubectl's directive: no file is meant. */
const noFiles = 4;

/** Prints what may come next, one a line with its meaning after a tab; `:files` says that a file may. Silent whatever is wrong. For kubectl (`--kubectl`) the last line is its directive. */
export async function complete(host: CliHost): Promise<number> {
  const [, option, ...rest] = host.argv;
  const forKubectl = option === '--kubectl';
  const words = forKubectl ? rest : option === '--' ? rest : host.argv.slice(1);
  try {
    const { candidates, files } = await candidatesFor(words, languageOf([], host.env), lazySources(host, words));
    const lines = linesOf(candidates);
    const last = forKubectl ? [`:${files ? 0 : noFiles}`] : files ? [':files'] : [];
    host.stdout.write([...lines, ...last].map((line) => `${line}\n`).join(''));
  } catch {
    if (forKubectl) host.stdout.write(`:${noFiles}\n`); // a shell's prompt is no place for errors
  }
  return exitCodes.answered;
}

/** The lines of candidates: words that are one word and steer nothing, each with a meaning that steers nothing. */
export function linesOf(candidates: readonly Candidate[]): readonly string[] {
  return candidates
    .filter(({ value }) => !steering.test(value))
    .map(({ value, meaning }) => (meaning === undefined ? value : `${value}\t${safeText(meaning).replaceAll(/\s+/g, ' ')}`));
}

/** Most completions look nothing up: the runtime is loaded by those that do. */
function lazySources(host: CliHost, words: readonly string[]): CompletionSources {
  const load = async (): Promise<CompletionSources> => (await import('./sources.ts')).completionSources(host, words);
  return {
    sessions: async () => (await load()).sessions(),
    contexts: async () => (await load()).contexts(),
    mcpServers: async () => (await load()).mcpServers(),
    providers: async () => (await load()).providers(),
  };
}
