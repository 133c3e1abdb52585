import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { Column } from '../data.ts';
import { columnTable } from '../data.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText } from '../json.ts';
import { jsonPathCell } from './json-path.ts';
import * as cluster from './cluster.ts';
import { age, since } from './format.ts';
import { podCells } from './pods.ts';
import * as services from './services.ts';
import * as workloads from './workloads.ts';

type Cells = (object: KubeObject, now: number) => Json[];

const cells = new Map<string, Cells>([
  ['pods', podCells],
  ['deployments.apps', workloads.deploymentCells],
  ['replicasets.apps', workloads.replicaSetCells],
  ['replicationcontrollers', workloads.replicaSetCells],
  ['statefulsets.apps', workloads.statefulSetCells],
  ['daemonsets.apps', workloads.daemonSetCells],
  ['jobs.batch', workloads.jobCells],
  ['cronjobs.batch', workloads.cronJobCells],
  ['controllerrevisions.apps', workloads.controllerRevisionCells],
  ['horizontalpodautoscalers.autoscaling', workloads.autoscalerCells],
  ['services', services.serviceCells],
  ['endpoints', services.endpointsCells],
  ['endpointslices.discovery.k8s.io', services.endpointSliceCells],
  ['ingresses.networking.k8s.io', services.ingressCells],
  ['ingressclasses.networking.k8s.io', services.ingressClassCells],
  ['networkpolicies.networking.k8s.io', services.networkPolicyCells],
  ['poddisruptionbudgets.policy', services.disruptionBudgetCells],
  ['nodes', cluster.nodeCells],
  ['namespaces', cluster.namespaceCells],
  ['configmaps', cluster.configMapCells],
  ['secrets', cluster.secretCells],
  ['persistentvolumes', cluster.volumeCells],
  ['persistentvolumeclaims', cluster.claimCells],
  ['storageclasses.storage.k8s.io', cluster.storageClassCells],
  ['events', cluster.eventCells],
  ['resourcequotas', cluster.quotaCells],
  ['priorityclasses.scheduling.k8s.io', cluster.priorityClassCells],
  ['leases.coordination.k8s.io', cluster.leaseCells],
  ['rolebindings.rbac.authorization.k8s.io', cluster.bindingCells],
  ['clusterrolebindings.rbac.authorization.k8s.io', cluster.bindingCells],
  ['certificatesigningrequests.certificates.k8s.io', cluster.signingRequestCells],
  ['flowschemas.flowcontrol.apiserver.k8s.io', cluster.flowSchemaCells],
  ['prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', cluster.priorityLevelCells],
  ['apiservices.apiregistration.k8s.io', cluster.apiServiceCells],
  ['podtemplates', cluster.podTemplateCells],
  ['componentstatuses', cluster.componentCells],
  ...[
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ].map((resource): [string, Cells] => [`${resource}.admissionregistration.k8s.io`, cluster.policyCells]),
]);

/** Columns of a resource that says nothing about them. */
function plainColumns(): readonly Column[] {
  const described = columnTable()['/v1/limitranges'] ?? [];
  return described;
}

interface Shape {
  readonly columns: readonly Column[];
  readonly cells: Cells;
}

function shapeOf(info: ResourceInfo, printer: readonly JsonMap[]): Shape {
  if (info.custom) return customShape(printer);
  const columns = columnTable()[`${info.group}/${info.version}/${info.resource}`] ?? plainColumns();
  const own = cells.get(info.storage);
  if (own) return { columns, cells: own };
  // What the server has no printer for: the name and the time of creation, which the client turns into an age.
  return {
    columns,
    cells: (object, now) =>
      columns.map(({ name, type }) =>
        name === 'Name'
          ? (object.metadata.name ?? '')
          : type === 'date'
            ? (object.metadata.creationTimestamp ?? '')
            : name === 'Age'
              ? age(object, now)
              : cellOf(object, name),
      ),
  };
}

/** The remaining columns of rare kinds, found in the object by their names. */
function cellOf(object: KubeObject, column: string): Json {
  const spec = asMap(object.spec);
  const found = new Map<string, Json | undefined>([
    ['Handler', object.handler],
    ['Driver', spec.driver],
    ['DriverName', object.driverName],
    ['CIDRs', asTextList(spec.cidrs)],
    ['Drivers', asMaps(spec.drivers).length],
    ['Attacher', spec.attacher],
    ['Node', spec.nodeName],
  ]);
  return found.get(column) ?? '<none>';
}

function asTextList(value: Json | undefined): string {
  return Array.isArray(value) ? value.map(asText).join(',') : '';
}

function customShape(printer: readonly JsonMap[]): Shape {
  const described = columnTable()['/v1/limitranges'] ?? [];
  const nameColumn = described.find(({ name }) => name === 'Name');
  const metaAge = columnTable()['/v1/configmaps']?.find(({ name }) => name === 'Age');
  const own =
    printer.length > 0
      ? printer
      : [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: metaAge?.description ?? '' }];
  const columns = own.map((column) => ({
    name: asText(column.name),
    type: asText(column.type),
    format: asText(column.format),
    description:
      asText(column.description) ||
      (column.jsonPath === '.metadata.creationTimestamp' && printer.length === 0
        ? (metaAge?.description ?? '')
        : `Custom resource definition column (in JSONPath format): ${asText(column.jsonPath)}`),
    priority: asNumber(column.priority),
  }));
  return {
    columns: nameColumn ? [nameColumn, ...columns] : columns,
    cells: (object, now) => [
      object.metadata.name ?? '',
      ...own.map((column) => {
        const cell = jsonPathCell(object, asText(column.jsonPath), asText(column.type));
        return column.type === 'date' && typeof cell === 'string' ? since(cell, now) : cell;
      }),
    ],
  };
}

/** What a Table is made from. */
export interface TableSource {
  readonly info: ResourceInfo;
  readonly objects: readonly KubeObject[];
  readonly metadata: JsonMap;
  readonly now: number;
  readonly version: string;
  readonly include: 'Metadata' | 'Object' | 'None';
  /** additionalPrinterColumns of a custom resource. */
  readonly printer: readonly JsonMap[];
  /** False for all but the first event of a watch. */
  readonly withColumns?: boolean;
}

/** Flow schemas are shown in the order in which they are tried. */
function rowOrder(info: ResourceInfo, objects: readonly KubeObject[]): readonly KubeObject[] {
  if (info.kind !== 'FlowSchema') return objects;
  const precedence = (object: KubeObject): number => asNumber(asMap(object.spec).matchingPrecedence);
  return objects.toSorted((a, b) => precedence(a) - precedence(b));
}

const rowConditions = new Map([
  ['Succeeded', [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }]],
  ['Failed', [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]],
]);

/** Objects as the Table that clients print. */
export function tableOf(source: TableSource): JsonMap {
  const { info, objects, metadata, now, version, include, withColumns = true } = source;
  const shape = shapeOf(info, source.printer);
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: withColumns ? shape.columns.map((column) => ({ ...column })) : null,
    rows: rowOrder(info, objects).map((object) => {
      const conditions = info.storage === 'pods' ? rowConditions.get(asText(asMap(object.status).phase)) : undefined;
      return {
        cells: shape.cells(object, now),
        ...(conditions ? { conditions: conditions.map((condition) => ({ ...condition })) } : {}),
        object:
          include === 'None'
            ? null
            : include === 'Object'
              ? object
              : { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata },
      };
    }),
  };
}
