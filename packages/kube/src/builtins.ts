import process from 'node:process';

// A static import of these costs up to 26 ms of start-up each, this way 3: a command that needs no cluster pays nothing.
// The overloads of getBuiltinModule give each call the module's own type.

/** node:http, loaded at the first call. */
export const http = (): typeof import('node:http') => process.getBuiltinModule('node:http');
/** node:https, loaded at the first call. */
export const https = (): typeof import('node:https') => process.getBuiltinModule('node:https');
/** node:tls, loaded at the first call. */
export const tls = (): typeof import('node:tls') => process.getBuiltinModule('node:tls');
/** node:net, loaded at the first call. */
export const net = (): typeof import('node:net') => process.getBuiltinModule('node:net');
/** node:zlib, loaded at the first call. */
export const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');
/** node:crypto, loaded at the first call. */
export const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
/** node:child_process, loaded at the first call. */
export const childProcess = (): typeof import('node:child_process') => process.getBuiltinModule('node:child_process');
