import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startChild, temporaryDirectory } from './scene.ts';

it('sixty long texts that are appended at once are not held as sixty lines more', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  const child = startChild('long-answers.ts', [path, '60', '2000000'], { shell: 'export NODE_OPTIONS=--max-old-space-size=80' });
  await child.ended;
  expect(child.errors()).not.toContain('heap');
  expect(child.output()).toBe('60');
}, 60_000);
