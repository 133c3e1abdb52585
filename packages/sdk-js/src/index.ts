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
  ContextsResponse,
  ErrorResponseBody,
  HealthResponse,
  ModelsResponse,
  NamespacesResponse,
  OutputResponse,
  RunResponseBody,
  SessionPatchBody,
  SessionResponse,
  SessionsResponse,
  SessionStatus,
  StatusResponse,
  StreamEvent,
  ToolsResponse,
  WireActivity,
  WireApproval,
  WireCursor,
  WireError,
  WireExchange,
  WireFieldChange,
  WireObjectChange,
  WireSession,
  WireUsage,
} from './wire.ts';
