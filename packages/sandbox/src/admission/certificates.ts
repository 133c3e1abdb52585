import type { AdmissionPlugin } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { asMap } from '../json.ts';

/** A certificate request carries who made it. */
export const certificateRequestor: AdmissionPlugin = {
  name: 'CertificateRequestor',
  mutate({ operation, resource, object, old, user, subresource }) {
    if (resource.kind !== 'CertificateSigningRequest') return;
    if (operation === 'create') {
      const extra: JsonMap = {};
      for (const [key, values] of Object.entries(user.extra ?? {})) extra[key] = [...values];
      object.spec = {
        ...asMap(object.spec),
        username: user.name,
        groups: [...user.groups],
        ...(user.uid ? { uid: user.uid } : {}),
        ...(user.extra ? { extra } : {}),
      };
    } else if (old && subresource !== 'approval' && subresource !== 'status') object.spec = old.spec;
    if (old && subresource === 'approval') {
      object.spec = old.spec;
      object.status = { ...asMap(old.status), conditions: asMap(object.status).conditions };
    }
  },
};
