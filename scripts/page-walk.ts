/* oxlint-disable no-console -- a program's own entry */
// Walks through the page of the built service in headless Chromium: ask, approve, decline, stop, reload, resume, phone, dark, zh, axe.
//   node --conditions=@kw/source scripts/page-walk.ts [--json FILE] [--shots FOLDER]
import { ok, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { granted } from './page-walk-grants.ts';
import { together } from './page-walk-team.ts';
import { startService } from './service.ts';
import type { Service } from './service.ts';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { values } = parseArgs({ options: { json: { type: 'string' }, shots: { type: 'string' } } });
const problems: { readonly name: string; readonly problems: readonly string[] }[] = [];

/** Chromium of the system; installed where that is possible. */
function chromiumPath(): string {
  const places = [process.env['KW_TEST_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const find = (): string | undefined => places.find((path) => path !== undefined && existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  spawnSync('sh', ['-c', 'apt-get update -q && apt-get install -y -q --no-install-recommends chromium'], { stdio: 'ignore' });
  const installed = find();
  if (installed === undefined) throw new Error('Chromium is needed: install it, or name it in KW_TEST_CHROMIUM');
  return installed;
}

async function check(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    console.log(`ok      ${name}`);
    problems.push({ name, problems: [] });
  } catch (error) {
    console.log(`FAILED  ${name}: ${String(error)}`);
    problems.push({ name, problems: [String(error)] });
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  if (values.shots === undefined) return;
  await mkdir(values.shots, { recursive: true });
  await page.screenshot({ path: join(values.shots, `${name}.png`) });
}

async function accessible(page: Page): Promise<void> {
  // The page's own policy lets no script in; axe is put there by the browser's debugger.
  await page.evaluate(axe);
  const violations: unknown = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
  );
  strictEqual(JSON.stringify(violations), '[]');
}

async function ask(page: Page, text: string): Promise<void> {
  await page.fill('#question', text);
  await page.keyboard.press('Enter');
}

interface Opened {
  readonly page: Page;
  readonly errors: readonly string[];
}

async function open(browser: Browser, url: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 850 }, locale: 'en-US', ...options });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

async function walk(browser: Browser, { url, model, kubectl }: Service): Promise<void> {
  const { page, errors } = await open(browser, url);
  await check('asks and shows reasoning, tools, markdown, and nothing of an answer as HTML', async () => {
    await ask(page, 'what is wrong?');
    await page.waitForSelector('text=Wait for the rollout');
    strictEqual(await page.locator('.markdown script, .markdown img').count(), 0);
    strictEqual(await page.locator('.tool.done').count(), 1);
    strictEqual(await page.locator('.tool.failed').count(), 1);
    await page.click('.tool.done summary');
    ok((await page.locator('.tool.done .output pre').textContent())?.includes('NAME'));
    await shoot(page, 'answer');
    await accessible(page);
  });
  await check('plots numbers', async () => {
    await page.click('text=Plot');
    await page.waitForSelector('.plot canvas');
    await shoot(page, 'plot');
    await accessible(page);
  });
  await check('an approval shows what would change; declined with a reason, the model is told', async () => {
    await ask(page, 'scale web to 9');
    await page.waitForSelector('.approval .answers');
    ok((await page.locator('.approval').textContent())?.includes('spec.replicas'));
    await shoot(page, 'approval');
    await accessible(page);
    await page.fill('.approval input', 'not on a Friday');
    await page.click('.approval button.danger');
    await page.locator('.exchange').last().locator('text=As decided.').waitFor();
    ok(model.chats().at(-1)?.text.includes('not on a Friday'));
    strictEqual(await kubectl('get', 'deployment', 'web', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}'), '3');
  });
  await check('approved, it runs once', async () => {
    await ask(page, 'scale web to 4');
    await page.click('.approval .answers .primary');
    await page.locator('.exchange').last().locator('.tool.done').waitFor();
    await page.locator('.exchange').last().locator('text=As decided.').waitFor();
    strictEqual(await kubectl('get', 'deployment', 'web', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}'), '4');
  });
  await check('the stop button ends a run', async () => {
    await ask(page, 'tell a slow story');
    await page.waitForSelector('text=word3');
    await page.click('.composer button.danger');
    await page.waitForSelector('.ended.cancelled');
  });
  await check('a reload in the middle loses nothing and doubles nothing', async () => {
    await ask(page, 'tell a slow story again');
    await page.waitForSelector('text=word5');
    await page.reload();
    await page.waitForSelector('text=word99', { timeout: 30_000 });
    const text = (await page.locator('.exchange').last().locator('.markdown').textContent()) ?? '';
    strictEqual(text.trim(), Array.from({ length: 100 }, (_, index) => `word${index}`).join(' '));
  });
  await check('sessions are found, renamed and deleted', async () => {
    await page.click('button[aria-label^="Rename"]');
    await page.fill('input[aria-label="Rename"]', 'the checkout');
    await page.click('text=Save');
    await page.waitForSelector('.sessions >> text=the checkout');
    await page.fill('input[type=search]', 'nothing like it');
    await page.waitForSelector('text=No sessions yet.');
    await page.fill('input[type=search]', 'checkout');
    await page.waitForSelector('.sessions >> text=the checkout');
    await page.click('button[aria-label^="Delete"]');
    await page.click('.sessions button.danger');
    await page.waitForSelector('text=What should be looked at?');
  });
  await check('no error in the console, no request to another host', async () => strictEqual(errors.join('\n'), ''));
  await check('is usable by keyboard alone', async () => {
    await page.reload();
    await page.waitForSelector('#question');
    await page.keyboard.press('Tab');
    strictEqual(await page.evaluate('document.activeElement.className'), 'skip');
    await page.keyboard.press('Enter');
    await page.keyboard.type('what is wrong?');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=Wait for the rollout');
  });
}

async function looks(browser: Browser, { url }: Service): Promise<void> {
  await check('a phone, dark, in Chinese', async () => {
    const { page } = await open(browser, url, { viewport: { width: 390, height: 780 }, colorScheme: 'dark', locale: 'zh-CN' });
    await ask(page, 'what is wrong?');
    await page.waitForSelector('text=Wait for the rollout');
    ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 390, 'it scrolls sideways');
    await shoot(page, 'phone-dark-zh');
    await accessible(page);
    await page.click('button.burger');
    await page.waitForSelector('text=新会话');
    await shoot(page, 'phone-menu');
    await accessible(page);
  });
}

async function entrance(browser: Browser): Promise<void> {
  const service = await startService({ listen: '0.0.0.0:0', env: { KW_AUTH_TOKEN: 'a-token-for-the-walk-0123456789' }, forwarded: true });
  try {
    await check('asks for the token where the service wants one', async () => {
      const { page } = await open(browser, service.url);
      await page.fill('input[type=password]', 'wrong');
      await page.click('button[type=submit]');
      await page.waitForSelector('[role=alert]');
      await accessible(page);
      await page.fill('input[type=password]', 'a-token-for-the-walk-0123456789');
      await page.click('button[type=submit]');
      await page.waitForSelector('#question');
    });
  } finally {
    await service.stop();
  }
}

const browser: Browser = await chromium.launch({
  executablePath: chromiumPath(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const service = await startService();
  try {
    await walk(browser, service);
    await looks(browser, service);
  } finally {
    await service.stop();
  }
  await granted(browser, { check, ask, open, shoot, accessible });
  await together(browser, { check, ask, open, shoot, accessible });
  await entrance(browser);
} finally {
  await browser.close();
}
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(problems));
process.exitCode = problems.some(({ problems: found }) => found.length > 0) ? 1 : 0;
