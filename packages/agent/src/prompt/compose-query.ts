/** One query of a positional text and what came by the pipe. */
export function composeQuery(positional: string | undefined, stdin: string | undefined): string {
  return [positional, stdin].filter((part) => part !== undefined && part.trim() !== '').join('\n\n');
}
