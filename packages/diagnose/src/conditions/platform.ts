import type { Condition } from '../condition.ts';
import { apiServiceAvailable } from './api-service/available.ts';
import { crdConversion } from './crd/conversion.ts';
import { crdState } from './crd/state.ts';
import { webhookBackend } from './webhook/backend.ts';
import { webhookCertificate } from './webhook/certificate.ts';
import { webhookFailing } from './webhook/failing.ts';

/** What is looked for in what extends the API, in who may use it, and in what delivers to it. */
export const platformConditions: readonly Condition[] = [
  webhookBackend,
  webhookCertificate,
  webhookFailing,
  apiServiceAvailable,
  crdState,
  crdConversion,
];
