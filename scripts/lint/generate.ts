// Writes .oxlintrc.json from scripts/walls.json: pnpm run lint:generate
import { writeFileSync } from 'node:fs';
import { lintConfig } from './config.ts';
import { readWalls } from './walls.ts';

writeFileSync(new URL('../../.oxlintrc.json', import.meta.url), `${JSON.stringify(lintConfig(readWalls()), null, 2)}\n`);
