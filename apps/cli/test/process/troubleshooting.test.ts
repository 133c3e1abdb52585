import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';
import { kubeconfigOf } from './stub.ts';

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
    expect(stderr).toContain('kubelet-wuhrai init');
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

  it('S134: the same in Chinese, by locale and by --lang', async () => {
    for (const started of [
      place.run(['--quiet', 'x'], { env: { LANG: 'zh_CN.UTF-8' } }),
      place.run(['--quiet', '--lang=zh', 'x']),
      place.run(['--quiet', '--lang', 'zh', 'x'], { env: { LC_ALL: 'en_US.UTF-8' } }),
    ]) {
      const { code, stdout, stderr } = await started;
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('未找到 API 密钥');
      expect(stderr).toContain('DEEPSEEK_API_KEY');
      expect(stderr).toContain('API key not found');
    }
  });

  it('S135: the key in the configuration file puts it right, too', async () => {
    await configure(place, 'api-keys:\n  deepseek: sk-deepseek-0123456789\n');
    expect(await place.run(['--quiet', 'x'])).toMatchObject({ code: 0, stdout: 'All is well.\n' });
  });

  it.each([
    ['en', 'model not found', '`models`'],
    ['zh', 'model not found', '`models`'],
  ])('S142: an unknown model is named, with the way to those that are there (%s)', async (language, words, way) => {
    model.enqueue({ fault: { type: 'status', status: 404, body: { error: { message: 'The model `qwen-ultra` does not exist' } } } });
    const env = { DASHSCOPE_ENDPOINT: model.url, DASHSCOPE_API_KEY: 'sk-dashscope-0123456789' };
    const { code, stdout, stderr } = await place.run(['--model=qwen-ultra', '--quiet', `--lang=${language}`, 'x'], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('qwen-ultra');
    expect(stderr).toContain(way);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(/[\u4e00-\u9fff]/.test(stderr)).toBe(language === 'zh');
  });

  it('S143: models asks the service where the key works', async () => {
    const { code, stdout, stderr } = await place.run(['models'], { env: { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toContain('deepseek-chat');
    expect(model.requests.map(({ path }) => path)).toEqual(['/v1/models']);
  });

  it('S143: where the service does not answer, models lists the documented ones and says why', async () => {
    const env = { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', DEEPSEEK_ENDPOINT: 'http://127.0.0.1:9/v1' };
    const { code, stdout, stderr } = await place.run(['models'], { env });
    expect(code).toBe(0);
    expect(stdout.split('\n')).toContain('deepseek-chat');
    expect(stderr).toContain('127.0.0.1:9');
  });

  it('S144: --llm-provider=deepseek --model=deepseek-chat "test"', async () => {
    const env = { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' };
    expect(await place.run(['--llm-provider=deepseek', '--model=deepseek-chat', 'test'], { env })).toMatchObject({
      code: 0,
      stdout: 'All is well.\n',
    });
    expect(model.chats()[0]?.body['model']).toBe('deepseek-chat');
  });
});

describe('errors in Chinese', () => {
  it.each([
    ['an unknown flag', ['--modle=x', 'x'], /未知参数 --modle；是否应为 --model？/],
    ['a bad value', ['--max-iterations=many', 'x'], /max-iterations.*many/s],
    ['an unknown provider', ['--llm-provider=depseek', 'x'], /depseek.*deepseek/s],
    ['a session that is not there', ['sessions', 'show', 'nothing'], /没有会话.*nothing/],
    ['a kubeconfig that is not there', ['--kubeconfig=/no/such/file', 'x'], /无法读取 kubeconfig "\/no\/such\/file"：文件不存在/],
    ['a context that is not there', ['--context=prod', 'x'], /没有 context "prod"。已知的 context："stub"/],
    ['a session without a name', ['sessions', 'delete'], /请指明会话/],
    ['an unknown command', ['help', 'docter'], /没有子命令 "docter"；是否应为 doctor？/],
    ['two providers', ['--llm-provider=qwen', 'vllm://x:1'], /两个不同的服务/],
  ])('%s', async (_, args, said) => {
    const env = { DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', KUBECONFIG: await kubeconfigOf(place) };
    const { code, stdout, stderr } = await place.run([...args, '--lang=zh'], { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/[\u4e00-\u9fff]/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
