import type { KubeObject } from '../../api/object.ts';
import { namespaceOf, specOf, statusOf } from '../../api/object.ts';
import { timestamp } from '../../clock.ts';
import { asMap, asMaps, asNumber, asText } from '../../json.ts';
import { withCondition } from '../conditions.ts';
import type { Controller, WorldContext } from '../context.ts';
import { compact, findKey, keyOf, writeStatus } from '../context.ts';

const resource = 'horizontalpodautoscalers.autoscaling';
const component = 'horizontal-pod-autoscaler';
const notSimulated = 'the sandbox does not simulate autoscaling: the number of replicas stays as it is';

/** HorizontalPodAutoscalers are not simulated: each says so in its status and in an event. */
export function autoscaling(context: WorldContext): Controller {
  const { api, cache, events } = context;
  const targetOf = (autoscaler: KubeObject): KubeObject | undefined => {
    const { apiVersion, kind, name } = asMap(specOf(autoscaler).scaleTargetRef);
    const info = api.registry.findKind(asText(apiVersion) || 'v1', asText(kind));
    return info && api.find(info.storage, asText(name), namespaceOf(autoscaler));
  };
  return {
    name: component,
    *keys({ resource: { storage, kind }, object }) {
      if (storage === resource) yield keyOf(object);
      for (const autoscaler of cache.inNamespace(resource, namespaceOf(object))) {
        const target = asMap(specOf(autoscaler).scaleTargetRef);
        if (target.kind === kind && target.name === object.metadata.name) yield keyOf(autoscaler);
      }
    },
    sync(key) {
      const autoscaler = findKey(api, resource, key);
      if (!autoscaler) return;
      const target = targetOf(autoscaler);
      const now = timestamp(api.clock.now());
      const { kind, name } = asMap(specOf(autoscaler).scaleTargetRef);
      const found = target
        ? { status: 'True' as const, reason: 'SucceededGetScale', message: "the HPA controller was able to get the target's current scale" }
        : {
            status: 'False' as const,
            reason: 'FailedGetScale',
            message: `the HPA controller was unable to get the target's current scale: ${asText(kind)} "${asText(name)}" not found`,
          };
      const old = asMaps(statusOf(autoscaler).conditions);
      if (old.length === 0)
        events.record({ object: autoscaler, type: 'Warning', reason: 'NotSimulated', message: notSimulated, component });
      const able = withCondition(old, { type: 'AbleToScale', ...found }, now);
      const conditions = withCondition(
        able,
        { type: 'ScalingActive', status: 'False', reason: 'NotSimulated', message: notSimulated },
        now,
      );
      const replicas = target && asNumber(statusOf(target).replicas);
      writeStatus(api, resource, autoscaler, {
        ...compact({ currentReplicas: replicas }),
        currentMetrics: null,
        desiredReplicas: 0,
        conditions,
      });
    },
  };
}
