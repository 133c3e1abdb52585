export { createApi } from './create-api.ts';
export { tokenVerifier } from './doors/verify-token.ts';
export type { ApiBindings, ApiEnv, ApiLimits, ApiOptions, Auth, Facts, Listening, Peer } from './options.ts';
