// The part of scripts/page-walk.ts about what is asked once, what is asked each time, and what an MCP server asks.
import { ok, strictEqual } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Walk } from './page-walk-team.ts';
import { startService } from './service.ts';

/** An MCP server whose tool asks the user before it answers. */
const asking = `
import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
let calling;
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'ops', version: '1' } } });
  else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'restart', inputSchema: { type: 'object' } }] } });
  else if (method === 'tools/call') {
    calling = id;
    send({ id: 'q', method: 'elicitation/create', params: { message: 'Restart all?', requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] } } });
  } else if (id === 'q') send({ id: calling, result: { content: [{ type: 'text', text: 'told: ' + JSON.stringify(result) }] } });
}).on('close', () => process.exit(0));
`;

/** One person, who grants a class of commands, is told why another is asked each time, and answers an MCP server. */
export async function granted(browser: Browser, { check, ask, open, shoot, accessible }: Walk): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kw-walk-'));
  await writeFile(join(folder, 'asking.mjs'), asking);
  const servers = [{ name: 'ops', command: process.execPath, args: [join(folder, 'asking.mjs')], trust: true }];
  await writeFile(join(folder, 'mcp.yaml'), JSON.stringify({ servers }), { mode: 0o600 });
  await writeFile(join(folder, 'config.yaml'), `mcp-config: ${join(folder, 'mcp.yaml')}\nrules:\n  - { action: allow, tool: 'ops__*' }\n`);
  const service = await startService({ flags: ['--config', join(folder, 'config.yaml'), '--mcp-client'] });
  try {
    const { page } = await open(browser, service.url, { locale: 'zh-CN' });
    const last = page.locator('.exchange').last();
    await check('a grant is offered in the language of the page, and what runs by it says so', async () => {
      await ask(page, 'scale web to 4');
      await page.waitForSelector('.answers');
      strictEqual(await page.locator('.sessions .state').textContent(), '等待答复');
      await shoot(page, 'grant-zh');
      await accessible(page);
      await page.click('.answers button:has-text("命名空间 shop 中的 scale deployments")');
      await last.locator('text=As decided.').waitFor();
      await ask(page, 'scale web to 5');
      await page.locator('.exchange').nth(1).locator('text=As decided.').waitFor();
      strictEqual(await last.locator('.approval').count(), 0);
      await last.locator('.tool summary').click();
      await last.locator('.tool >> text=由许可放行：命名空间 shop 中的 scale deployments').waitFor();
      await shoot(page, 'granted-zh');
      await accessible(page);
    });
    await check('a kept session tells it, too', async () => {
      await page.reload();
      await last.locator('.tool summary').click();
      await last.locator('.tool >> text=由许可放行：命名空间 shop 中的 scale deployments').waitFor();
    });
    await check('what cannot be granted says why', async () => {
      await ask(page, 'delete all');
      await page.waitForSelector('.answers');
      strictEqual(await page.locator('.ungranted').textContent(), '每次都会询问：同样的命令下次可能有不同的效果。');
      await shoot(page, 'ungranted-zh');
      await accessible(page);
      await page.click('.answers button.danger');
      await last.locator('text=As decided.').waitFor();
    });
    await check('what an MCP server asks is a question with yes and no', async () => {
      const english = await open(browser, service.url);
      const { page: other } = english;
      await ask(other, 'restart all');
      await other.waitForSelector('.answers');
      strictEqual(await other.locator('.answers .primary').textContent(), 'Yes');
      ok((await other.locator('.approval pre').textContent())?.includes('Restart all?'));
      await shoot(other, 'question');
      await accessible(other);
      await other.click('.answers .primary');
      await other.locator('text=As told.').waitFor();
      ok((await other.locator('.answered').textContent())?.includes('Answered yes'));
      ok(service.model.chats().at(-1)?.text.includes('accept'));
      strictEqual(english.errors.join('\n'), '');
    });
  } finally {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
