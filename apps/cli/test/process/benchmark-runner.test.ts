import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({ OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: 'sk-openai-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

describe("the command line of kubectl-ai's benchmark runner", () => {
  it.each([[[]], [['--mcp-client']]])(
    'prompt on standard input, answer on standard output, trace in a file, writes unasked; and %j',
    async (more) => {
      const kubeconfig = await kubeconfigOf(place);
      const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\necho "deployment.apps/web scaled"\n');
      model.enqueue(
        { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl scale deploy/web --replicas=3', modifies_resource: 'yes' } }] },
        { text: 'Scaled.' },
      );
      const trace = `${place.home}/trace.yaml`;
      const flags = `--kubeconfig ${kubeconfig} --llm-provider openai --enable-tool-use-shim=false --quiet=true --model gpt-x --trace-path ${trace} --skip-permissions --show-tool-output`;
      const { code, stdout, stderr } = await place.run([...flags.split(' '), ...more], {
        input: 'scale web to 3 replicas\n',
        env: { PATH },
      });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'Scaled.\n' });
      expect(stderr).toContain('deployment.apps/web scaled');
      expect(await readFile(`${place.home}/ran`, 'utf8')).toContain('scale deploy/web --replicas=3');
      expect(model.chats()[0]?.body['model']).toBe('gpt-x');
      expect(JSON.stringify(model.chats()[0]?.body['messages'])).toContain('scale web to 3 replicas');
      expect(model.chats()[0]?.body['tools']).toBeDefined();
      const written = await readFile(trace, 'utf8');
      expect(written).toContain('scale deploy/web --replicas=3');
      expect(written).not.toContain('sk-openai-0123456789');
      expect((await stat(trace)).mode & 0o777).toBe(0o600);
    },
  );

  it("reads Go's spellings of switches, and -v=2", async () => {
    const args = [
      '--quiet=true',
      '--skip-permissions=false',
      '--mcp-client=false',
      '-v=2',
      '--llm-provider=openai',
      '--model=gpt-x',
      'test',
    ];
    expect(await place.run(args)).toMatchObject({ code: 0, stdout: 'All is well.\n' });
  });
});
