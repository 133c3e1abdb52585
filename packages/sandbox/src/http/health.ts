import type { Call } from './context.ts'
import type { ApiResponse } from './messages.ts'
import { text } from './respond.ts'

/** The checks that there are, as the real server's are called; here all of them are this process. */
const checks = ['ping', 'log', 'etcd', 'poststarthook/start-apiserver-admission-initializer', 'poststarthook/crd-informer-synced', 'poststarthook/rbac/bootstrap-roles', 'poststarthook/scheduling/bootstrap-system-priority-classes', 'autoregister-completion']

/** Answers /healthz, /livez and /readyz and their checks. */
export function handleHealth(call: Call, name: string, check: string): ApiResponse | undefined {
  if (check !== '') return checks.includes(check) ? text(200, 'ok') : undefined
  if (!call.request.query.has('verbose')) return text(200, 'ok')
  const own = name === 'readyz' ? [...checks, 'shutdown'] : checks
  return text(200, `${own.map((entry) => `[+]${entry} ok\n`).join('')}${name} check passed\n`)
}
