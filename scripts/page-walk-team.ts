// The part of scripts/page-walk.ts in which several people share a session.
import { ok, strictEqual } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startService } from './service.ts';

/** What a walk is made of. */
export interface Walk {
  readonly check: (name: string, work: () => Promise<void>) => Promise<void>;
  readonly ask: (page: Page, text: string) => Promise<void>;
  readonly open: (
    browser: Browser,
    url: string,
    options?: Parameters<Browser['newContext']>[0],
  ) => Promise<{ readonly page: Page; readonly errors: readonly string[] }>;
  readonly shoot: (page: Page, name: string) => Promise<void>;
  readonly accessible: (page: Page) => Promise<void>;
}

const team = `auth-tokens:
  - { name: ann, token: ann-token-0123456789abcdef }
  - { name: bob, token: bob-token-0123456789abcdef }
  - { name: cid, token: cid-token-0123456789abcdef, scopes: [read] }
loopback-auth: true
rules:
  - { action: ask, effect: write, approve-by: other-person }
`;

/** Three people in one session: its owner, an approver, and a viewer who reads Chinese. */
export async function together(browser: Browser, { check, ask, open, shoot, accessible }: Walk): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kw-walk-'));
  const config = join(folder, 'config.yaml');
  await writeFile(config, team);
  const service = await startService({ flags: ['--config', config] });
  const enter = async (name: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
    const { page } = await open(browser, service.url, options);
    await page.fill('input[type=password]', `${name}-token-0123456789abcdef`);
    await page.click('button[type=submit]');
    await page.waitForSelector('#question');
    return page;
  };
  try {
    const ann = await enter('ann');
    await check('four eyes: whoever asked is told that somebody else must approve, and names who may', async () => {
      await ask(ann, 'scale web to 9');
      await ann.waitForSelector('.four-eyes');
      strictEqual(await ann.locator('.approval .primary').count(), 0);
      await ann.click('.share summary');
      await ann.fill('section[aria-label="Approvers"] input', 'bob');
      await ann.keyboard.press('Enter');
      await ann.waitForSelector('section[aria-label="Approvers"] li');
      await ann.fill('section[aria-label="Viewers"] input', 'cid');
      await ann.keyboard.press('Enter');
      await ann.waitForSelector('section[aria-label="Viewers"] li');
      ok((await ann.locator('.four-eyes').textContent())?.includes('bob'));
      await shoot(ann, 'team-owner');
      await accessible(ann);
    });
    const bob = await enter('bob');
    const cid = await enter('cid', { locale: 'zh-CN' });
    await check('a viewer reads it, in another language, and may not answer', async () => {
      await cid.click('.sessions .open');
      await cid.waitForSelector('.approval');
      strictEqual(await cid.locator('.approval button').count(), 0);
      ok((await cid.locator('.approval').textContent())?.includes('要求由另一人批准'));
      await shoot(cid, 'team-viewer-zh');
      await accessible(cid);
    });
    await check('an approver approves; all of them see by whom, and the answer, without a reload', async () => {
      await bob.click('.sessions .open');
      await bob.click('.approval .answers .primary');
      for (const page of [ann, bob, cid]) await page.locator('text=As decided.').waitFor();
      ok((await ann.locator('.answered').textContent())?.includes('bob'));
      strictEqual(await service.kubectl('get', 'deployment', 'web', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}'), '9');
      await shoot(bob, 'team-approver');
    });
    await check('what the owner asks next is followed live', async () => {
      await ask(ann, 'what is wrong?');
      await cid.waitForSelector('text=Wait for the rollout');
      strictEqual(await cid.locator('.exchange').count(), 2);
      await accessible(cid);
    });
    await check('whom it is no longer shared with sees nothing of what comes', async () => {
      await ann.click('section[aria-label="Viewers"] li button');
      await ann.waitForSelector('section[aria-label="Viewers"] li', { state: 'detached' });
      await ask(ann, 'which pods?');
      await ann.locator('.exchange').nth(2).locator('text=Three pods are ready.').waitFor();
      await cid.waitForSelector('.ended.error');
      strictEqual(await cid.locator('.exchange').count(), 2);
    });
    await check('whose token may not ask is told so, in its language', async () => {
      await cid.click('nav .primary');
      ok((await cid.getAttribute('#question', 'placeholder'))?.includes('它没有权限 "chat"'));
      ok(await cid.isDisabled('#question'));
      await accessible(cid);
    });
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
