import type { WireApproval, WireGrantOffer, WireTarget } from '@kw/sdk-js';
import * as v from 'valibot';

const text = v.string();

/** Where and as whom something acts. */
export const targetSchema: v.GenericSchema<WireTarget> = v.object({
  context: text,
  server: text,
  namespace: v.exactOptional(text),
  user: text,
  as: v.exactOptional(text),
});

const grantEntries = {
  scope: v.picklist(['exact', 'similar']),
  label: text,
  calls: v.exactOptional(v.object({ verb: text, kinds: v.array(text), namespace: text, flags: v.array(text) })),
};

const grantSchema: v.GenericSchema<WireGrantOffer> = v.object(grantEntries);

/** What was granted in a session. */
export const givenGrantSchema: v.GenericSchema<WireGrantOffer & { readonly id: string }> = v.object({ ...grantEntries, id: text });

/** A question that waits for a person. */
export const approvalSchema: v.GenericSchema<WireApproval> = v.object({
  id: text,
  tool: text,
  command: text,
  question: v.exactOptional(v.literal(true)),
  effect: v.picklist(['read', 'write', 'dangerous', 'unknown']),
  traits: v.array(text),
  reasons: v.array(text),
  target: v.exactOptional(targetSchema),
  approve_by: v.exactOptional(v.literal('other-person')),
  preview: v.exactOptional(
    v.object({
      objects: v.array(
        v.object({
          action: v.picklist(['create', 'update', 'delete', 'unchanged']),
          kind: text,
          api_version: text,
          namespace: v.exactOptional(text),
          name: text,
          fields: v.array(v.object({ path: text, before: v.exactOptional(v.unknown()), after: v.exactOptional(v.unknown()) })),
        }),
      ),
      more: v.exactOptional(v.number()),
      warnings: v.array(text),
      unavailable: v.exactOptional(text),
    }),
  ),
  expires_at: v.pipe(text, v.isoTimestamp()),
  asked_again: v.exactOptional(text),
  grants: v.exactOptional(v.array(grantSchema)),
  ungranted: v.exactOptional(text),
});
