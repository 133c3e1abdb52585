import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeHost } from '../../src/index.ts';
import type { KubeHost } from '../../src/index.ts';
import type { TestFolder } from './folder.ts';

/** A host whose home, temporary directory and environment are the test's own. */
export function testHost(folder: TestFolder, overrides: Partial<KubeHost> = {}): KubeHost {
  const temporaryDirectory = join(folder.path, 'tmp');
  mkdirSync(temporaryDirectory, { recursive: true });
  return nodeHost({
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder.path },
    homeDirectory: folder.path,
    workingDirectory: folder.path,
    temporaryDirectory,
    serviceAccountDirectory: join(folder.path, 'serviceaccount'),
    onExit: () => () => undefined,
    ...overrides,
  });
}
