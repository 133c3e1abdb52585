import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';

let place: Place;

beforeEach(async () => {
  place = await createPlace();
});

afterEach(() => place.remove());

const own = `- name: helm
  description: "Helm is the Kubernetes package manager."
  command: "helm"
  command_desc: |
    The helm command to run.
- name: istio
  description: "Istio service mesh."
  command: "istioctl"
  command_desc: "The istioctl command."
`;

describe('tools', () => {
  it('S127: the tools of tools.yaml are listed beside the built-in ones, without a key or a model', async () => {
    await configure(place, own, 'tools.yaml');
    const { code, stdout, stderr } = await place.run(['--quiet', 'tools']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const names = stdout.split('\n').map((line) => line.split(/\s+/)[0]);
    expect(names).toEqual(expect.arrayContaining(['kubectl', 'bash', 'helm', 'istio']));
    expect(stdout).toContain('tools.yaml:1');
    expect(stdout).toContain('Helm is the Kubernetes package manager.');
  });

  it('S132: it prints and ends, with MCP switched on and no servers, too', async () => {
    const { code, stdout } = await place.run(['--mcp-client', 'tools', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ name: 'kubectl', kind: 'built-in' }));
  });

  it('a broken file is named with its line', async () => {
    const path = await configure(place, '- name: helm\n  description: x\n', 'tools.yaml');
    const { code, stdout, stderr } = await place.run(['tools']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${path}:1`);
    const chinese = await place.run(['tools', '--lang=zh']);
    expect(chinese.stderr).toContain(`${path}:1：工具缺少 "command"`);
  });
});
