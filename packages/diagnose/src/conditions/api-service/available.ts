import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { backendRefs } from '../../world/backend.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, numberAt, textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';

const patienceMs = minuteMs;

/** A part of the API whose own server does not answer. */
export const apiServiceAvailable: Condition = {
  id: 'api-service-available',
  kinds: ['APIService'],
  needs: ['APIService'],
  uses: ['Service', 'EndpointSlice', 'Pod'],
  *find(world) {
    for (const apiService of world.all('APIService')) {
      const available = statusCondition(apiService.body, 'Available');
      if (apiService.deletedAt !== undefined || available?.status !== 'False') continue;
      if (world.now - (available.since ?? apiService.createdAt ?? 0) < patienceMs) continue;
      const name = textAt(apiService.body, 'spec.service.name');
      const namespace = textAt(apiService.body, 'spec.service.namespace');
      const port = numberAt(fieldsAt(apiService.body, 'spec.service'), 'port') ?? 443;
      const group = `${textAt(apiService.body, 'spec.group')}/${textAt(apiService.body, 'spec.version')}`;
      yield {
        object: apiService,
        reason: 'APIServiceUnavailable',
        severity: 'critical',
        summary: `the API ${group} does not answer: ${saidBy(available)}`,
        evidence: [conditionEvidence(available), fieldEvidence('spec.service', `${namespace}/${name}:${port}`)],
        fix: [`kubectl get service,endpointslices,pods -n ${namespace}`],
        since: available.since,
        causedBy: name === '' ? [] : backendRefs(world, { namespace, name }),
        docs: 'https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/',
      };
    }
  },
};
