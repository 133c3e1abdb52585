#!/usr/bin/env node
import module from 'node:module';

module.enableCompileCache?.();
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  const { start } = await import('./start.ts');
  await start(process);
} else {
  process.stderr.write(`error: kubelet-wuhrai needs Node 22.18 or later; this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
}
