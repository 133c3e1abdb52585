import { isRecord } from './object.ts';
import type { KubeRequest, KubeText } from './types.ts';

/** Sends one request. */
export type Send = (request: KubeRequest) => Promise<KubeText>;

/** The objects of a list in an answer; anything else is left out. */
export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The strings of a list in an answer. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A string in an answer; empty where there is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
