export type { Collected } from './collect.ts';
export { collect } from './collect.ts';
export type { ModelScript, ScriptedCall, ScriptedModel, ScriptedModelOptions, ScriptedTurn } from './scripted-model.ts';
export { scriptedModel } from './scripted-model.ts';
export type { RecordedRequest, ScriptedServer, ScriptedServerOptions, ServerScript } from './scripted-server.ts';
export { startScriptedServer } from './scripted-server.ts';
export type { Fault, ServerCall, ServerTurn, Wire } from './server-turn.ts';
export type { StrictRules } from './strict-rules.ts';
