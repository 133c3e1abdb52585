import { findPreset } from '@kw/providers';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessTokenOf } from '../../src/network/access-token.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-token-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function gcloud(script: string, env: Record<string, string> = {}): Promise<string> {
  const path = join(folder, 'gcloud');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  const preset = findPreset('vertexai');
  if (preset === undefined) throw new Error('no vertexai');
  return accessTokenOf(preset, { PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...env });
}

describe('accessTokenOf', () => {
  it("gives what the vendor's tool prints, and shows it no key of another service", async () => {
    const script = '[ "$*" = "auth print-access-token" ] && echo "token-$DEEPSEEK_API_KEY-$CLOUDSDK_CORE_PROJECT"';
    expect(await gcloud(script, { DEEPSEEK_API_KEY: 'secret', CLOUDSDK_CORE_PROJECT: 'mine' })).toBe('token--mine');
  });

  it('says what the tool says, and both ways out', async () => {
    await expect(gcloud('echo "You are not logged in." >&2; exit 1')).rejects.toMatchObject({
      code: 'api-key-not-found',
      message: 'API key not found: set GOOGLE_ACCESS_TOKEN, or log in with gcloud, which says: You are not logged in. (provider vertexai)',
    });
  });

  it('says where the tool is not installed', async () => {
    const preset = findPreset('vertexai');
    if (preset === undefined) throw new Error('no vertexai');
    await expect(accessTokenOf(preset, { PATH: folder })).rejects.toMatchObject({
      message: expect.stringContaining('gcloud, which is not installed'),
    });
  });
});
