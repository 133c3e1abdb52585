// Writes THIRD-PARTY-NOTICES for all that our packages use: pnpm run notices
import { writeFileSync } from 'node:fs';
import { productionDependencies } from './dependencies.ts';
import { allNotices } from './notices.ts';

writeFileSync(new URL('../THIRD-PARTY-NOTICES', import.meta.url), allNotices(productionDependencies()));
