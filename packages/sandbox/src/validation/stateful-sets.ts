import type { FieldError } from '../api/field-errors.ts';
import { forbiddenField, invalid } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { specOf } from '../api/object.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText, at, equal, isMap } from '../json.ts';
import { atMostAll, intOrPercent, isZero, nonNegative, strategyForm, templateOf } from './common.ts';
import { dns1123LabelErrors } from './names.ts';
import { claimSpecErrors } from './storage.ts';
import { selectorAndTemplate } from './templates.ts';

/** The template with a volume for each claim template: pods get them under those names. */
function withClaims(spec: JsonMap): JsonMap {
  const template = templateOf(spec);
  const claims = asMaps(spec.volumeClaimTemplates).map((claim): JsonMap => ({
    name: at(claim, 'metadata', 'name') ?? '',
    persistentVolumeClaim: { claimName: at(claim, 'metadata', 'name') ?? '' },
  }));
  const own = asMaps(at(template, 'spec', 'volumes')).filter(({ name }) => !claims.some((claim) => claim.name === name));
  return claims.length === 0 ? template : { ...template, spec: { ...asMap(template.spec), volumes: [...own, ...claims] } };
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
];

function strategyErrors(strategy: JsonMap): FieldError[] {
  const field = 'spec.updateStrategy';
  const rolling = strategy.rollingUpdate;
  if (strategy.type !== 'RollingUpdate' && strategy.type !== 'OnDelete')
    return [invalid(field, strategyForm(strategy), "must be 'RollingUpdate' or 'OnDelete'")];
  if (!isMap(rolling)) return [];
  if (strategy.type === 'OnDelete')
    return [
      invalid(
        `${field}.rollingUpdate`,
        { Partition: asNumber(rolling.partition), MaxUnavailable: rolling.maxUnavailable ?? null },
        "only allowed for updateStrategy 'RollingUpdate'",
      ),
    ];
  const most = rolling.maxUnavailable;
  const path = `${field}.rollingUpdate.maxUnavailable`;
  return [
    ...nonNegative(rolling.partition, `${field}.rollingUpdate.partition`),
    ...intOrPercent(most, path),
    ...(most !== undefined && isZero(most) ? [invalid(path, most, 'cannot be 0')] : []),
    ...atMostAll(most, path),
  ];
}

/** Errors of a StatefulSet. */
export function statefulSetErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = specOf(object);
  const serviceName = asText(spec.serviceName);
  const errors = [
    ...(['OrderedReady', 'Parallel'].includes(asText(spec.podManagementPolicy))
      ? []
      : [invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'")]),
    ...strategyErrors(asMap(spec.updateStrategy)),
    ...(old
      ? []
      : asMaps(spec.volumeClaimTemplates).flatMap((claim, index) =>
          claimSpecErrors(asMap(claim.spec), `spec.volumeClaimTemplates[${index}].spec`),
        )),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(at(spec, 'ordinals', 'start'), 'spec.ordinals.start'),
    ...(old || serviceName === '' ? [] : dns1123LabelErrors(serviceName).map((error) => invalid('spec.serviceName', serviceName, error))),
    ...selectorAndTemplate(spec, 'statefulset', withClaims(spec)),
  ];
  if (!old) return errors;
  const fixed = (value: JsonMap): JsonMap => Object.fromEntries(Object.entries(value).filter(([key]) => !changeable.includes(key)));
  if (!equal(fixed(spec), fixed(specOf(old)))) {
    errors.push(
      forbiddenField(
        'spec',
        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ),
    );
  }
  return errors;
}
