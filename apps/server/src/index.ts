export type { AccessLog } from './access-log.ts';
export { createAccessLog } from './access-log.ts';
export type { Metrics } from './metrics/create-metrics.ts';
export { createMetrics } from './metrics/create-metrics.ts';
export type { AuthOptions, NamedToken, Tokens } from './server-auth.ts';
export type { RunningServer, ServerOptions } from './start-server.ts';
export { startServer } from './start-server.ts';
