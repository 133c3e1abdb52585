import type { PolicyRule } from '@kw/agent';
import { KwError } from '@kw/providers';
import * as v from 'valibot';

const ruleSchema = v.strictObject({
  action: v.picklist(['allow', 'ask', 'deny']),
  tool: v.optional(v.string()),
  effect: v.optional(v.picklist(['read', 'write', 'dangerous', 'unknown'])),
  verb: v.optional(v.string()),
  kind: v.optional(v.string()),
  namespace: v.optional(v.string()),
  context: v.optional(v.string()),
  reason: v.optional(v.string()),
  'approve-by': v.optional(v.picklist(['other-person'])),
});

/** Reads the rules of the file. Throws KwError `bad-configuration` naming the rule, the field and what is possible. */
export function parseRules(raw: unknown, origin: string): readonly PolicyRule[] {
  const result = v.safeParse(v.array(ruleSchema), raw);
  if (result.success) {
    const astray = result.output.findIndex((rule) => rule['approve-by'] !== undefined && rule.action !== 'ask');
    if (astray >= 0) throw new KwError('bad-configuration', `${origin}: rules.${astray}.approve-by: it goes with action: ask only`);
    return Object.freeze(result.output.map(withoutUndefined));
  }
  const issue = result.issues[0];
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  throw new KwError('bad-configuration', `${origin}: rules${path === '' ? '' : `.${path}`}: ${issue.message}`);
}

function withoutUndefined(rule: v.InferOutput<typeof ruleSchema>): PolicyRule {
  const { action, tool, effect, verb, kind, namespace, context, reason, 'approve-by': approveBy } = rule;
  return Object.freeze({
    action,
    ...(tool === undefined ? {} : { tool }),
    ...(effect === undefined ? {} : { effect }),
    ...(verb === undefined ? {} : { verb }),
    ...(kind === undefined ? {} : { kind }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
    ...(reason === undefined ? {} : { reason }),
    ...(approveBy === undefined ? {} : { approveBy }),
  });
}
