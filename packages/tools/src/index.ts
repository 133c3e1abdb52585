export type { BashOptions } from './bash-tool.ts';
export { bash } from './bash-tool.ts';
export type { ToolAnswer, ToolDefinition } from './define-tool.ts';
export { defineTool } from './define-tool.ts';
export { findProgram } from './find-program.ts';
export type { KubectlOptions } from './kubectl-tool.ts';
export { kubectl } from './kubectl-tool.ts';
export type { Spawn } from './process/run-process.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
