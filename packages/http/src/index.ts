export { createApi } from './create-api.ts';
export type { Language } from './language/language.ts';
export type { DoorOptions } from './doors/doors.ts';
export { doors } from './doors/doors.ts';
export { setSecurityHeaders } from './doors/security-headers.ts';
export type { AuthOptions, NamedToken, ServerAuth, Tokens } from './doors/server-auth.ts';
export { createServerAuth } from './doors/server-auth.ts';
export type { KnownToken } from './doors/verify-token.ts';
export { tokensVerifier, tokenVerifier } from './doors/verify-token.ts';
export type {
  ApiBindings,
  ApiEnv,
  ApiLimits,
  ApiObserver,
  ApiOptions,
  Auth,
  Caller,
  Exposition,
  Facts,
  Gate,
  KillState,
  KillSwitch,
  Listening,
  PageFile,
  Peer,
  Places,
  RequestRecord,
  Scope,
} from './options.ts';
export type { TextSink, TextStream } from './text-stream.ts';
export type { BookCall, BookDetail, BookRun, BookSession, SessionBook } from './session-book.ts';
