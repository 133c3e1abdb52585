import type { Condition } from '../../condition.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs } from '../../world/durations.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import { keyOf } from '../../world/world-object.ts';
import { issuerOf } from './certificate.ts';

const patienceMs = 2 * minuteMs;

/** An Issuer or ClusterIssuer of cert-manager that can't issue. */
export const certManagerIssuer: Condition = {
  id: 'cert-manager-issuer',
  kinds: ['Issuer', 'ClusterIssuer'],
  needs: ['Issuer', 'ClusterIssuer'],
  uses: ['Certificate'],
  *find(world) {
    for (const issuer of [...world.all('Issuer'), ...world.all('ClusterIssuer')]) {
      const ready = statusCondition(issuer.body, 'Ready');
      if (issuer.deletedAt !== undefined || ready?.status !== 'False' || world.now - (ready.since ?? issuer.createdAt ?? 0) < patienceMs)
        continue;
      const key = keyOf(issuer);
      const users = world.all('Certificate').filter((certificate) => {
        const ref = issuerOf(certificate);
        return ref !== undefined && keyOf(ref) === key;
      });
      yield {
        object: issuer,
        reason: 'IssuerNotReady',
        severity: 'warning',
        summary: `it can't issue ${users.length === 0 ? 'certificates' : users.length === 1 ? 'the certificate that asks for it' : `the ${users.length} certificates that ask for it`}: ${saidBy(ready)}`,
        evidence: [conditionEvidence(ready)],
        fix: [describeCommand(issuer)],
        since: ready.since,
        explains: users,
        docs: 'https://cert-manager.io/docs/troubleshooting/',
      };
    }
  },
};
