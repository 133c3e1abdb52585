export { createApi } from './create-api.ts';
export type { DoorOptions } from './doors/doors.ts';
export { doors } from './doors/doors.ts';
export { setSecurityHeaders } from './doors/security-headers.ts';
export { tokenVerifier } from './doors/verify-token.ts';
export type {
  ApiBindings,
  ApiEnv,
  ApiLimits,
  ApiObserver,
  ApiOptions,
  Auth,
  Exposition,
  Facts,
  Listening,
  PageFile,
  Peer,
  Places,
  RequestRecord,
} from './options.ts';
export type { BookCall, BookDetail, BookRun, BookSession, SessionBook } from './session-book.ts';
