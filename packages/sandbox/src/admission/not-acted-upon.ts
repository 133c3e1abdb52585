import type { AdmissionPlugin } from '../api/types.ts';
import { specOf } from '../api/object.ts';

/** Kinds that are kept as objects only, and what therefore does not happen. */
const kinds = new Map([
  ['ValidatingWebhookConfiguration', 'its webhooks are not called'],
  ['MutatingWebhookConfiguration', 'its webhooks are not called'],
  ['ValidatingAdmissionPolicy', 'its rules are not evaluated'],
  ['MutatingAdmissionPolicy', 'its mutations are not made'],
  ['ResourceClaim', 'devices are not allocated'],
]);

/** Says so where the sandbox keeps an object and does nothing with it. */
export const notActedUpon: AdmissionPlugin = {
  name: 'NotActedUpon',
  validate({ operation, resource, object, warn }) {
    if (operation !== 'create') return;
    const what =
      resource.kind === 'APIService' && specOf(object).service !== undefined
        ? 'requests are not passed on to its service'
        : kinds.get(resource.kind);
    if (what) warn(`the sandbox keeps this ${resource.kind} and does not act upon it: ${what}`);
  },
};
