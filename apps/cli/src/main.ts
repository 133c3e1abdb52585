#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
const { start } = await import('./start.ts');
await start(process);
