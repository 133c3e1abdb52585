export { createApi } from './create-api.ts';
export { tokenVerifier } from './doors/verify-token.ts';
export type { ApiBindings, ApiEnv, ApiLimits, ApiOptions, Auth, Facts, Listening, PageFile, Peer, Places } from './options.ts';
export type { BookCall, BookDetail, BookRun, BookSession, SessionBook } from './session-book.ts';
