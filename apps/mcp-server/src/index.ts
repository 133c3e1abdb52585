export type { McpHttpOptions, RunningMcpServer } from './start-http.ts';
export { createMcpApp, startMcpHttp } from './start-http.ts';
export { serveMcpOnStreams } from './start-stdio.ts';
