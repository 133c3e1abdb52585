/** A broken workload of the shop: what is wrong, and commands of which each heals it. */
export interface DemoProblem {
  /** `deployment/search`, `service/cart`. */
  readonly workload: string;
  /** `image-tag`, `crash-loop`, `out-of-memory`, `service-selector`, `unschedulable`, `probe-path`, `missing-key`. */
  readonly kind: string;
  readonly cause: string;
  /** kubectl's arguments, one list a command; each heals the workload by itself. */
  readonly fixes: readonly (readonly string[])[];
}

const patch = (target: string, body: unknown): readonly string[] => ['patch', target, '-n', 'shop', '-p', JSON.stringify(body)];
const container = (name: string, fields: unknown): unknown => ({
  spec: { template: { spec: { containers: [{ name, ...Object(fields) }] } } },
});

/** The seven broken workloads, in alphabetical order. */
export const problems: readonly DemoProblem[] = [
  {
    workload: 'deployment/analytics',
    kind: 'unschedulable',
    cause: 'its container requests 64 CPUs; the largest node has 4',
    fixes: [['set', 'resources', 'deployment/analytics', '-n', 'shop', '--requests=cpu=500m']],
  },
  {
    workload: 'service/cart',
    kind: 'service-selector',
    cause: 'the selector is app=crat, the pods are labelled app=cart: the Service has no endpoints',
    fixes: [patch('service/cart', { spec: { selector: { app: 'cart' } } }), ['set', 'selector', 'service/cart', '-n', 'shop', 'app=cart']],
  },
  {
    workload: 'deployment/gateway',
    kind: 'probe-path',
    cause: 'the readiness probe asks for /ready, gateway 0.9.3 serves /readyz',
    fixes: [patch('deployment/gateway', container('gateway', { readinessProbe: { httpGet: { path: '/readyz', port: 8080 } } }))],
  },
  {
    workload: 'deployment/notifier',
    kind: 'missing-key',
    cause: 'SMTP_HOST comes from a key that the ConfigMap notifier-settings does not have',
    fixes: [patch('configmap/notifier-settings', { data: { SMTP_HOST: 'smtp.example.com' } })],
  },
  {
    workload: 'deployment/payments',
    kind: 'crash-loop',
    cause: 'DATABASE_URL in the ConfigMap payments-settings has port 5433, the database listens on 5432',
    fixes: [['set', 'env', 'deployment/payments', '-n', 'shop', 'DATABASE_URL=postgres://payments@db.shop.svc:5432/payments']],
  },
  {
    workload: 'deployment/recommender',
    kind: 'out-of-memory',
    cause: 'version 1.8.1 loads a model of 412 MiB, the memory limit is 64Mi',
    fixes: [
      ['set', 'resources', 'deployment/recommender', '-n', 'shop', '--limits=memory=512Mi'],
      ['rollout', 'undo', 'deployment/recommender', '-n', 'shop'],
    ],
  },
  {
    workload: 'deployment/search',
    kind: 'image-tag',
    cause: 'the image registry.example.com/shop/search:3.0.1-rc9 does not exist',
    fixes: [
      ['set', 'image', 'deployment/search', '-n', 'shop', 'search=registry.example.com/shop/search:3.0.1'],
      ['rollout', 'undo', 'deployment/search', '-n', 'shop'],
    ],
  },
];
