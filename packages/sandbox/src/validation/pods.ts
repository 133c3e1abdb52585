import type { FieldError } from '../api/field-errors.ts';
import { duplicate, forbiddenField, invalid, missing, required, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import { qosClass } from '../api/strategy.ts';
import type { Json, JsonMap } from '../json.ts';
import { asList, asMap, asMaps, asText, at, clone, equal } from '../json.ts';
import { enumError } from './common.ts';
import { containerErrors } from './containers.ts';
import {
  annotationErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  labelErrors,
  labelValueErrors,
  qualifiedNameErrors,
} from './names.ts';
import { identityErrors } from './security-context.ts';
import { specDifference } from './spec-difference.ts';
import { volumeErrors } from './volumes.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function tolerationErrors(toleration: JsonMap, field: string): FieldError[] {
  const [key, operator, value, effect] = [toleration.key, toleration.operator, toleration.value, toleration.effect].map(asText);
  const errors: FieldError[] = [];
  if (key) errors.push(...qualifiedNameErrors(key).map((error) => invalid(`${field}.key`, key, error)));
  else if (operator !== 'Exists')
    errors.push(
      invalid(`${field}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'),
    );
  if (toleration.tolerationSeconds !== undefined && effect !== 'NoExecute')
    errors.push(invalid(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (operator === 'Exists') {
    if (value) errors.push(invalid(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === '' || operator === 'Equal') {
    const problems = labelValueErrors(value ?? '');
    if (problems.length > 0) errors.push(invalid(`${field}.operator`, value, problems.join(';')));
  } else errors.push(unsupported(`${field}.operator`, operator, ['Equal', 'Exists']));
  if (effect && !effects.includes(effect)) errors.push(unsupported(`${field}.effect`, effect, effects));
  return errors;
}

function deadlineErrors(seconds: Json | undefined, field: string): FieldError[] {
  if (typeof seconds !== 'number' || (seconds >= 1 && seconds <= 2_147_483_647)) return [];
  return [invalid(field, seconds, 'must be between 1 and 2147483647, inclusive')];
}

/** Errors of a new pod. */
export function newPodErrors(spec: JsonMap): FieldError[] {
  const errors = podSpecErrors(spec, 'spec');
  if (asList(spec.ephemeralContainers).length > 0) errors.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  return errors;
}

/** Errors of a pod's spec. */
export function podSpecErrors(spec: JsonMap, field: string): FieldError[] {
  const { errors, names: volumes } = volumeErrors(asMaps(spec.volumes), `${field}.volumes`);
  const names = new Set<string>();
  const containers = asMaps(spec.containers);
  if (containers.length === 0) errors.push(required(`${field}.containers`));
  for (const [list, part] of [
    [containers, 'containers'],
    [asMaps(spec.initContainers), 'initContainers'],
    [asMaps(spec.ephemeralContainers), 'ephemeralContainers'],
  ] as const) {
    for (const [index, container] of list.entries()) {
      const path = `${field}.${part}[${index}]`;
      errors.push(...containerErrors(container, path, volumes));
      if (names.has(asText(container.name))) errors.push(duplicate(`${path}.name`, asText(container.name)));
      names.add(asText(container.name));
      const target = asText(container.targetContainerName);
      if (target !== '' && ![...containers, ...asMaps(spec.initContainers)].some(({ name }) => name === target))
        errors.push(missing(`${path}.targetContainerName`, target));
    }
  }
  errors.push(...enumError(spec.restartPolicy, `${field}.restartPolicy`, ['Always', 'OnFailure', 'Never']));
  errors.push(...enumError(spec.dnsPolicy, `${field}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']));
  errors.push(
    ...labelErrors(spec.nodeSelector, `${field}.nodeSelector`),
    ...identityErrors(asMap(spec.securityContext), `${field}.securityContext`),
    ...deadlineErrors(spec.activeDeadlineSeconds, `${field}.activeDeadlineSeconds`),
  );
  if (asText(spec.serviceAccountName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.serviceAccountName)).map((error) =>
        invalid(`${field}.serviceAccountName`, asText(spec.serviceAccountName), error),
      ),
    );
  if (asText(spec.nodeName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.nodeName)).map((error) => invalid(`${field}.nodeName`, asText(spec.nodeName), error)),
    );
  for (const [index, toleration] of asMaps(spec.tolerations).entries())
    errors.push(...tolerationErrors(toleration, `${field}.tolerations[${index}]`));
  if (asText(spec.hostname) !== '')
    errors.push(...dns1123LabelErrors(asText(spec.hostname)).map((error) => invalid(`${field}.hostname`, asText(spec.hostname), error)));
  if (asText(spec.priorityClassName) !== '')
    errors.push(
      ...dns1123SubdomainErrors(asText(spec.priorityClassName)).map((error) =>
        invalid(`${field}.priorityClassName`, asText(spec.priorityClassName), error),
      ),
    );
  return errors;
}

/** Errors of a pod template. */
export function templateErrors(template: JsonMap, field: string): FieldError[] {
  const metadata = asMap(template.metadata);
  return [
    ...labelErrors(metadata.labels, `${field}.labels`),
    ...annotationErrors(metadata.annotations, `${field}.annotations`),
    ...podSpecErrors(asMap(template.spec), `${field}.spec`),
  ];
}

const updatable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Gates may only go. */
function newGates(spec: JsonMap, before: JsonMap): FieldError[] {
  const known = asMaps(before.schedulingGates).map(({ name }) => name);
  return asMaps(spec.schedulingGates).flatMap(({ name }, index) =>
    known.includes(name)
      ? []
      : [
          forbiddenField(
            `spec.schedulingGates[${index}].name`,
            `only deletion is allowed, but found new scheduling gate '${asText(name)}'`,
          ),
        ],
  );
}

/** Errors of a change of a pod. */
export function podUpdateErrors(pod: KubeObject, old: KubeObject, subresource: string | undefined): FieldError[] {
  const [spec, before] = [specOf(pod), specOf(old)];
  if (subresource === 'status' || subresource === 'binding') return [];
  if (subresource === 'resize') {
    const quality = at(old.status, 'qosClass');
    return quality === undefined || quality === qosClass(spec)
      ? []
      : [invalid('spec', quality, 'Pod QOS Class may not change as a result of resizing')];
  }
  if (subresource === 'ephemeralcontainers')
    return podSpecErrors(spec, 'spec').filter(({ field }) => field.startsWith('spec.ephemeralContainers'));
  const invalidSpec = podSpecErrors(spec, 'spec');
  for (const part of ['containers', 'initContainers']) {
    if (asList(spec[part]).length !== asList(before[part]).length)
      return [...invalidSpec, forbiddenField(`spec.${part}`, 'pod updates may not add or remove containers')];
  }
  const munged = clone(spec);
  for (const part of ['containers', 'initContainers']) {
    for (const [index, container] of asMaps(munged[part]).entries()) container.image = at(before, part, index, 'image');
  }
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) {
    if (before[field] === undefined) delete munged[field];
    else munged[field] = before[field];
  }
  const errors = [...invalidSpec, ...newGates(spec, before)];
  const kept = asList(before.tolerations).every((toleration) => asList(spec.tolerations).some((other) => equal(toleration, other)));
  if (!kept) errors.push(forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  if (!equal(munged, before)) errors.push(forbiddenField('spec', `${updatable}\n${specDifference(before, munged)}`));
  return errors;
}
