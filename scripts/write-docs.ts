// Writes docs/configuration.md and its Chinese twin from the table of settings that the program reads.
import { writeFileSync } from 'node:fs';
import { configurationDocs } from '../packages/runtime/src/config/docs.ts';

writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationDocs('en'));
writeFileSync(new URL('../docs/configuration.zh-CN.md', import.meta.url), configurationDocs('zh'));
