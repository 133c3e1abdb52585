export type { AskOptions, Client, ClientOptions, OnMessage } from './client.ts';
export { createClient } from './client.ts';
export type { KubectlAIErrorOptions } from './error.ts';
export { isKubectlAIError, KubectlAIError } from './error.ts';
export type { ReconnectOptions } from './follow.ts';
export { KubectlAIClient } from './kubectl-ai-client.ts';
export type { StreamMessage } from './read-events.ts';
export type {
  ApprovalAnswerBody,
  ApprovalAnswerResponse,
  ChatContext,
  ChatMetadata,
  ChatRequestBody,
  ChatResponseBody,
  ChatStatus,
  ErrorResponseBody,
  HealthResponse,
  ModelsResponse,
  RunResponseBody,
  StreamEvent,
  WireActivity,
  WireApproval,
  WireCursor,
  WireError,
  WireFieldChange,
  WireGrantOffer,
  WireObjectChange,
  WireTarget,
  WireUsage,
} from './wire.ts';
export type {
  ContextsResponse,
  NamespacesResponse,
  OutputResponse,
  SessionPatchBody,
  SessionResponse,
  SessionsResponse,
  SessionStatus,
  StatusResponse,
  ToolsResponse,
  WireExchange,
  WireSession,
} from './wire-service.ts';
