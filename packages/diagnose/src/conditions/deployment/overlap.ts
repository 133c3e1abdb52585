import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { fieldsAt, labelsAt, listAt } from '../../world/fields.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Two Deployments of which one's selector takes the other's pods, too: they fight over them. */
export const deploymentOverlap: Condition = {
  id: 'deployment-overlap',
  kinds: ['Deployment'],
  needs: ['Deployment'],
  *find(world) {
    const byNamespace = Map.groupBy(world.all('Deployment'), ({ namespace }) => namespace);
    for (const deployments of byNamespace.values()) {
      for (const deployment of deployments) {
        const other = deployments.find((each) => each !== deployment && takes(deployment, each));
        if (other === undefined) continue;
        yield {
          object: deployment,
          reason: 'SelectorOverlap',
          severity: 'warning',
          summary: `its selector also fits the pods of deployment ${other.name}: each counts the other's pods`,
          evidence: [
            fieldEvidence('spec.selector', JSON.stringify(fieldsAt(deployment.body, 'spec.selector'))),
            fieldEvidence(`labels of the pods of ${other.name}`, JSON.stringify(labelsAt(other.body, 'spec.template.metadata.labels'))),
          ],
        };
      }
    }
  },
};

function takes(one: WorldObject, other: WorldObject): boolean {
  const selector = fieldsAt(one.body, 'spec.selector');
  const isEmpty = Object.keys(labelsAt(selector, 'matchLabels')).length === 0 && listAt(selector, 'matchExpressions').length === 0;
  return !isEmpty && matchesSelector(labelsAt(other.body, 'spec.template.metadata.labels'), selector);
}
