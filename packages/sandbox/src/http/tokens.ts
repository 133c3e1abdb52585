import { badRequest, notFound } from '../api/errors.ts';
import { invalid, invalidObject } from '../api/field-errors.ts';
import { timestamp } from '../clock.ts';
import { asList, asMap, asNumber, asText } from '../json.ts';
import { readBody } from './body.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { respond } from './respond.ts';

/** The shortest life of a token, as on the real server. */
const minimumSeconds = 600;

/** Answers POST of a token request for a service account. */
export function handleToken(call: Call): ApiResponse {
  const { engine, tokens } = call.server;
  const { namespace, name } = call.info;
  const account = engine.find('serviceaccounts', name, namespace);
  if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name);
  const { value } = readBody(call.request, 'TokenRequest');
  const spec = asMap(value.spec);
  const seconds = asNumber(spec.expirationSeconds, 3600);
  if (seconds < minimumSeconds) {
    throw invalidObject({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'),
    ]);
  }
  const uid = account.metadata.uid;
  if (!uid) throw badRequest(`service account ${name} has no uid`);
  const given = asList(spec.audiences).map(asText);
  const audiences = given.length > 0 ? given : ['https://kubernetes.default.svc.cluster.local'];
  const expires = engine.clock.now() + seconds * 1000;
  const token = tokens.issue({ namespace, name, uid, audiences, expires, issued: engine.clock.now() });
  return respond(call.request, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(engine.clock.now()) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: timestamp(expires) },
  });
}
