export type { Config, LoadedConfig } from './config/config.ts';
export { configurationDocs } from './config/docs.ts';
export type { ConfigFile, ConfigSources } from './config/load.ts';
export type { ConfigChanges } from './config/edit.ts';
export { editConfig } from './config/edit.ts';
export { loadConfig } from './config/load.ts';
export { warningsOf } from './config/notice.ts';
export type { Layer, OptionKey, OptionKind, OptionSpec, SourcedValue } from './config/option.ts';
export { options } from './config/options.ts';
export type {
  AccessRule,
  AuthMode,
  ClusterIdentity,
  OidcConfig,
  ServiceConfig,
  ServiceScope,
  ServiceToken,
} from './config/service-config.ts';
export type { KillState, KillSwitch } from './team/kill-switch.ts';
export type { Team } from './team/create-team.ts';
export { deleteOld } from './team/delete-old.ts';
export { allowedModel } from './team/allowed-model.ts';
export type { TokenReview, TokenReviewer } from './token-review.ts';
export { createTokenReviewer } from './token-review.ts';
export type { TokenVault } from './token-vault.ts';
export type { RuntimeHost } from './host.ts';
export type { ListedTool } from './listed-tool.ts';
export type { ListedModel, ModelList, Preset } from '@kw/providers';
export { findPreset, inferProvider, isKwError, KwError, nearNames, presets, successorOf } from '@kw/providers';
export type { ConductOptions } from './conduct.ts';
export type { Runtime, RuntimeOptions } from './create-runtime.ts';
export { createRuntime } from './create-runtime.ts';
export type { AppendFile } from './observe/append-file.ts';
export { openAppendFile } from './observe/append-file.ts';
export { loadReasons } from './reasons.ts';
export type { ModelEndpoint, ModelRef, Models } from './models.ts';
export type { Proxy } from './network/proxy.ts';
export type { Logger, LogLevel, LogValue } from './observe/logger.ts';
export type {
  ExportFormat,
  SessionCall,
  SessionDetail,
  SessionRun,
  SessionsApi,
  SessionStep,
  SessionSummary,
} from './sessions/sessions-api.ts';
export type { Inspector } from './inspect/inspector.ts';
export { loadInspector } from './load-inspector.ts';
export type { Diagnosis, DiagnosisWish } from './diagnosis.ts';
export type { Report, Severity } from '@kw/diagnose';
export { loadDiagnosis } from './load-diagnosis.ts';
export type { Place, Places } from './places.ts';
export { createPlaces } from './places.ts';
export { allObservers } from './observe/observe-store.ts';
export type { EndedRequest, Exchange, ModelRequest, Observer, OpenRequest } from './observe/observer.ts';
export type { McpEquipment, McpEquipmentOptions, McpQuestion } from './mcp.ts';
export { createMcpEquipment } from './mcp.ts';
export type { McpAdmin, McpTest, McpToolInfo } from './mcp-admin.ts';
export { openMcpAdmin } from './mcp-admin.ts';
export type { McpServers } from './mcp-load.ts';
export { loadMcpServers } from './mcp-load.ts';
export type { McpAudience, McpHouse, McpServing } from './mcp-serving.ts';
export { createMcpServing } from './mcp-serving.ts';
export type { ListenAddress } from './listen-address.ts';
export { isLoopback, parseListenAddress } from './listen-address.ts';
export type { ConnectedPeer, PeerOptions } from './peer-of.ts';
export { createPeerOf } from './peer-of.ts';
export type { ReadTable } from './peer-user.ts';
export { peerUser, readKernelTable } from './peer-user.ts';
