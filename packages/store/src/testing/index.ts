import type { ConformanceCase } from './conformance.ts';
import type { OpenSessions } from './session-cases.ts';
import { leaseCases } from './session-lease-cases.ts';
import { logCases } from './session-log-cases.ts';

export type { ConformanceCase, ManualClock } from './conformance.ts';
export { manualClock } from './conformance.ts';
export type { OpenOutputs } from './output-cases.ts';
export { outputStoreConformance } from './output-cases.ts';
export type { OpenSessions, SessionHandles } from './session-cases.ts';

/** Behaviour that any store of sessions must show, as named cases for any test runner: `for (const { name, run } of cases) it(name, run)`. */
export function sessionStoreConformance(open: OpenSessions): readonly ConformanceCase[] {
  return [...logCases(open), ...leaseCases(open)];
}
