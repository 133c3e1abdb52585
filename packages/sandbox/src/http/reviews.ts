import { badRequest } from '../api/errors.ts';
import type { FieldError } from '../api/field-errors.ts';
import { invalid, invalidObject } from '../api/field-errors.ts';
import { structOf, complain } from '../api/body.ts';
import type { User } from '../api/types.ts';
import type { Attributes } from '../auth/rbac.ts';
import { authorize, rulesOf } from '../auth/rbac.ts';
import { timestamp } from '../clock.ts';
import { afterUpdate, managedFields } from '../fields/managed.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asText, isMap } from '../json.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import { readBody } from './body.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { writeOptions } from './objects.ts';
import { respond } from './respond.ts';

const types = new Map([
  ['selfsubjectaccessreviews', 'SelfSubjectAccessReview'],
  ['subjectaccessreviews', 'SubjectAccessReview'],
  ['localsubjectaccessreviews', 'LocalSubjectAccessReview'],
  ['selfsubjectrulesreviews', 'SelfSubjectRulesReview'],
  ['selfsubjectreviews', 'SelfSubjectReview'],
  ['tokenreviews', 'TokenReview'],
]);

/** Whether a resource is a question that is answered and not stored. */
export function isReview(group: string, resource: string): boolean {
  return (group === 'authorization.k8s.io' || group === 'authentication.k8s.io') && types.has(resource);
}

/** Answers a review. */
export function handleReview(call: Call): ApiResponse {
  const { resource, group, version } = call.info;
  const kind = types.get(resource) ?? '';
  const { value } = readBody(call.request, kind);
  const apiVersion = `${group}/${version}`;
  const review = canonical(call, `${group.split('.')[0]}/${version}.${kind}`, { ...value, apiVersion, kind });
  const metadata: JsonMap = { ...asMap(review.metadata) };
  const base = { ...review, metadata };
  switch (kind) {
    case 'SelfSubjectReview':
      metadata.creationTimestamp = timestamp(call.server.engine.clock.now());
      return respond(call.request, 201, { ...base, status: { userInfo: userInfo(call.user) } });
    case 'SelfSubjectRulesReview':
      return respond(call.request, 201, { ...base, spec: {}, status: rulesStatus(call, asText(asMap(review.spec).namespace)) });
    case 'TokenReview': {
      const token = asText(asMap(review.spec).token);
      if (token === '') throw badRequest('token is required for TokenReview in authentication');
      const tracked = managersOf(call, apiVersion, kind, review);
      if (tracked) metadata.managedFields = tracked;
      const user = call.server.tokens.verify(token, call.server.engine.clock.now());
      const status = user ? { authenticated: true, user: userInfo(user) } : { user: {}, error: 'invalid bearer token' };
      return respond(call.request, 201, { ...base, status });
    }
    default: {
      checkReview(asMap(review.spec), kind, call.info.namespace);
      const spec = asMap(review.spec);
      const user = kind === 'SelfSubjectAccessReview' ? call.user : reviewedUser(spec);
      const tracked = managersOf(call, apiVersion, kind, review);
      if (tracked) metadata.managedFields = tracked;
      const decision = authorize(call.server.engine, user, attributesOf(spec));
      return respond(call.request, 201, {
        ...base,
        status: { allowed: decision.allowed, ...(decision.reason === '' ? {} : { reason: decision.reason }) },
      });
    }
  }
}

function canonical(call: Call, type: string, value: JsonMap): JsonMap {
  try {
    const { value: review, unknown } = decode(structOf(type), value);
    complain(
      unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
      writeOptions(call, 'CreateOptions'),
      (problems) => badRequest(`strict decoding error: ${problems.join(', ')}`),
    );
    return review;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(error.message);
    throw error;
  }
}

/** Throws 422 for a question that can't be answered. */
function checkReview(spec: JsonMap, kind: string, namespace: string): void {
  const { resourceAttributes: resource, nonResourceAttributes: other } = spec;
  const errors: FieldError[] = [];
  if (kind !== 'SelfSubjectAccessReview' && asText(spec.user) === '' && asList(spec.groups).length === 0)
    errors.push(invalid('spec.user', '', 'at least one of user or group must be specified'));
  if (isMap(resource) && isMap(other)) {
    const form = { Path: asText(other.path), Verb: asText(other.verb) };
    errors.push(invalid('spec.nonResourceAttributes', form, 'cannot be specified in combination with resourceAttributes'));
  }
  if (!isMap(resource) && !isMap(other))
    errors.push(invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'));
  if (kind === 'LocalSubjectAccessReview' && isMap(resource) && asText(resource.namespace) !== namespace)
    errors.push(invalid('spec.resourceAttributes.namespace', asText(resource.namespace), 'must match metadata.namespace'));
  if (errors.length > 0) throw invalidObject({ group: 'authorization.k8s.io', kind: '' }, '', errors);
}

function managersOf(call: Call, apiVersion: string, kind: string, review: JsonMap): JsonMap[] | undefined {
  const shape = structOf(`${apiVersion.split('.')[0]}/v1.${kind}`);
  const before = decode(shape, { apiVersion, kind }).value;
  const actor = {
    manager: writeOptions(call, 'CreateOptions').fieldManager ?? '',
    apiVersion,
    subresource: '',
    time: timestamp(call.server.engine.clock.now()),
  };
  return managedFields(afterUpdate([], actor, { shape, before, after: review, hasStatus: true }));
}

function reviewedUser(spec: JsonMap): User {
  return { name: asText(spec.user), groups: asList(spec.groups).map(asText) };
}

function attributesOf(spec: JsonMap): Attributes {
  const resource = spec.resourceAttributes;
  const other = asMap(spec.nonResourceAttributes);
  if (!isMap(resource))
    return {
      verb: asText(other.verb),
      isResource: false,
      path: asText(other.path),
      group: '',
      resource: '',
      subresource: '',
      namespace: '',
      name: '',
    };
  return {
    verb: asText(resource.verb),
    isResource: true,
    path: '',
    group: asText(resource.group),
    resource: asText(resource.resource),
    subresource: asText(resource.subresource),
    namespace: asText(resource.namespace),
    name: asText(resource.name),
  };
}

function userInfo({ name, uid, groups, extra }: User): JsonMap {
  const shown: JsonMap = {};
  for (const [key, values] of Object.entries(extra ?? {})) shown[key] = [...values];
  return { username: name, ...(uid ? { uid } : {}), groups: [...groups], ...(extra ? { extra: shown } : {}) };
}

function rulesStatus(call: Call, namespace: string): JsonMap {
  const rules = rulesOf(call.server.engine, call.user, namespace).map(({ rule }) => rule);
  const masters = call.user.groups.includes('system:masters');
  const texts = (value: Json | undefined): Json[] => asList(value);
  const all = masters ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }, ...rules] : rules;
  return {
    resourceRules: all
      .filter((rule) => asList(asMap(rule).resources).length > 0)
      .map((rule: JsonMap) => ({
        verbs: texts(rule.verbs),
        apiGroups: texts(rule.apiGroups),
        resources: texts(rule.resources),
        ...(texts(rule.resourceNames).length > 0 ? { resourceNames: texts(rule.resourceNames) } : {}),
      })),
    nonResourceRules: all
      .filter((rule) => asList(asMap(rule).nonResourceURLs).length > 0)
      .map((rule: JsonMap) => ({ verbs: texts(rule.verbs), nonResourceURLs: texts(rule.nonResourceURLs) })),
    incomplete: false,
  };
}
