import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { backendRefs, backendState } from '../../world/backend.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, isTrueAt, listAt, textAt, textsAt } from '../../world/fields.ts';
import { bundleFault } from '../webhook/trust.ts';
import { serviceOf } from '../webhook/webhooks.ts';

const patienceMs = 2 * minuteMs;
const docs = 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/';

/** A custom resource of several versions that nobody converts: its objects can't be read. */
export const crdConversion: Condition = {
  id: 'crd-conversion',
  kinds: ['CustomResourceDefinition'],
  needs: ['CustomResourceDefinition', 'Service'],
  uses: ['EndpointSlice', 'Pod'],
  *find(world) {
    for (const definition of world.all('CustomResourceDefinition')) {
      if (definition.deletedAt !== undefined || world.now - (definition.createdAt ?? 0) < patienceMs) continue;
      if (textAt(definition.body, 'spec.conversion.strategy') !== 'Webhook') continue;
      const served = listAt(definition.body, 'spec.versions').filter((version) => isTrueAt(version, 'served'));
      const versions = new Set([...served.map((version) => textAt(version, 'name')), ...textsAt(definition.body, 'status.storedVersions')]);
      // With one version there is nothing to convert.
      if (versions.size < 2) continue;
      const client = fieldsAt(definition.body, 'spec.conversion.webhook.clientConfig');
      const backend = serviceOf(client);
      if (backend === undefined) continue;
      const state = backendState(world, backend);
      const where = `the Service ${backend.name} in namespace ${backend.namespace ?? ''}`;
      const says = {
        'no-service': `${where} does not exist`,
        'no-port': `${where} has no port ${String(backend.port)}`,
        'no-endpoints': `nobody answers behind ${where}`,
        fine: undefined,
      }[state];
      const trust = says === undefined ? bundleFault(textAt(client, 'caBundle'), world.now) : undefined;
      const what = says ?? trust?.says;
      if (what === undefined) continue;
      yield {
        object: definition,
        reason: trust === undefined ? 'ConversionWebhookDown' : 'ConversionWebhookNotTrusted',
        severity: 'critical',
        summary: `its objects can't be converted between ${[...versions].join(', ')}: ${what}`,
        evidence: [
          fieldEvidence(
            'spec.conversion.webhook.clientConfig.service',
            `${backend.namespace ?? ''}/${backend.name}:${String(backend.port)}`,
          ),
          ...(trust?.evidence ?? []),
        ],
        fix: [`kubectl get service,endpointslices,pods -n ${backend.namespace ?? 'default'}`],
        since: trust?.expiredAt,
        causedBy: backendRefs(world, backend),
        docs,
      };
    }
  },
};
