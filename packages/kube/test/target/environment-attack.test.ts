import { describe, expect, it } from 'vitest';
import { shellEnvironment } from '../../src/target/environment.ts';
import { nodeHost } from '../../src/host.ts';

describe('the PATH of commands', () => {
  it('has no entry that depends on the folder they go to', () => {
    const host = nodeHost({ env: { PATH: '.:/usr/bin::bin:/bin:' } });
    expect(shellEnvironment(host, { kubeconfigPath: '/k', cacheDirectory: '/c' })['PATH']).toBe('/usr/bin:/bin');
  });
});
