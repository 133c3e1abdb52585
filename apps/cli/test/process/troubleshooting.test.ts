import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

describe('troubleshooting', () => {
  it('S134: a missing key names the variable, with no stack and no request', async () => {
    const { code, stdout, stderr } = await place.run(['--quiet', 'x']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('API key not found');
    expect(stderr).toContain('DEEPSEEK_API_KEY');
    expect(stderr).toContain('kubelet-wuhrai demo');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(model.requests).toEqual([]);
  });

  it('S143: models lists the documented names and says so while there is no key', async () => {
    const { code, stdout, stderr } = await place.run(['models']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toContain('deepseek-chat');
    expect(stderr).toContain('No key is set');
  });

  it('S135: DEEPSEEK_API_KEY puts it right', async () => {
    const { code } = await place.run(['--quiet', 'x'], { env: { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' } });
    expect(code).toBe(0);
  });

  it('S137: --quiet with a query is one shot, without input and terminal', async () => {
    const { code, stdout, stderr } = await place.run(['--quiet', 'test connection'], {
      env: { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' },
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'All is well.\n', stderr: '' });
  });
});
