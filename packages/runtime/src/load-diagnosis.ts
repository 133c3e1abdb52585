import type { Diagnosis } from './diagnosis.ts';

/** Loads what finds faults without a model; only who needs it pays for it. */
export async function loadDiagnosis(): Promise<Diagnosis> {
  return (await import('./diagnosis.ts')).diagnosis;
}
