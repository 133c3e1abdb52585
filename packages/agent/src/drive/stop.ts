import { isKwError, KwError } from '@kw/providers';

/** Why a driver lets go of a run before its end. */
export type StopCode = 'cancelled' | 'lease-lost' | 'shutting-down' | 'run-over';

const words: Readonly<Record<StopCode, string>> = {
  cancelled: 'the run was cancelled',
  'lease-lost': 'another process took the session over',
  'shutting-down': 'this process stops; another one goes on with the run',
  'run-over': 'the run was ended from outside',
};

/** The reason that travels with an abort. */
export function stopReason(code: StopCode): KwError {
  return new KwError(code, words[code]);
}

/** The stop that an error means; undefined for real failures. */
export function stopOf(error: unknown): StopCode | undefined {
  if (!isKwError(error)) return undefined;
  const { code } = error;
  return code === 'cancelled' || code === 'lease-lost' || code === 'shutting-down' || code === 'run-over' ? code : undefined;
}
