import type { UpstreamConfig } from './config.ts';

/** Whether the configuration lets a tool in: included (or nothing is) and not excluded. `*` at the end of a name matches any rest. */
export function isWanted({ include, exclude }: Pick<UpstreamConfig, 'include' | 'exclude'>, tool: string): boolean {
  const named = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(pattern, tool));
  return (include === undefined || named(include)) && !named(exclude ?? []);
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
