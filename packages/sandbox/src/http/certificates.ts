import type { ResourceInfo } from '../api/registry.ts';
import { asMap, asMaps } from '../json.ts';
import { timestamp } from '../clock.ts';
import { readBody } from './body.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { patchFrom, targetOf, writeOptions } from './objects.ts';
import { respond } from './respond.ts';

/** Answers the approval of a certificate request: its conditions are taken from the request. */
export function handleApproval(call: Call, info: ResourceInfo): ApiResponse {
  if (call.info.verb === 'patch') return patchFrom(call, info);
  const { value } = readBody(call.request, info.kind);
  const now = timestamp(call.server.engine.clock.now());
  const conditions = asMaps(asMap(value.status).conditions).map((condition) => ({
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? now,
    lastTransitionTime: condition.lastTransitionTime ?? now,
  }));
  const target = targetOf(call, info);
  const object = call.server.engine.updateAt(
    target,
    { ...value, status: { ...asMap(value.status), conditions } },
    { ...writeOptions(call, 'UpdateOptions'), subresource: 'approval' },
  );
  return respond(call.request, 200, object);
}
