import { describe, expect, it } from 'vitest';
import type { CustomToolSpec } from '../src/custom/tool-spec.ts';
import { customTool } from '../src/custom/custom-tool.ts';
import { explainCommand } from '../src/explain-command.ts';

describe('explaining a command', () => {
  it('takes a kubectl line as the kubectl tool does', () => {
    expect(explainCommand('kubectl delete pod web-1 -n shop')).toMatchObject({
      tool: 'kubectl',
      effect: 'write',
      traits: [],
      subject: { verb: 'delete', kinds: ['pods'], namespace: 'shop' },
      names: ['web-1'],
      parts: [{ text: 'kubectl delete pod web-1 -n shop', effect: 'write' }],
    });
    expect(explainCommand('kubectl get secret s -o yaml')).toMatchObject({ traits: [], hidesOutput: false });
    expect(explainCommand("kubectl get secret s -o jsonpath='{.data.x}'")).toMatchObject({ traits: [], hidesOutput: true });
    expect(explainCommand('kubectl get pods --context prod').targetFlags).toEqual(['--context']);
    expect(explainCommand('kubectl edit deploy/web').refusal).toMatch(/kubectl patch/);
  });

  it('tells the parts of a shell line, each with its own effect', () => {
    const { tool, effect, parts } = explainCommand(
      "kubectl get pods -n shop | grep 'a b' | xargs kubectl delete pod && helm list > /tmp/x",
    );
    expect({ tool, effect }).toEqual({ tool: 'bash', effect: 'dangerous' });
    expect(parts.map((part) => [part.text, part.effect])).toEqual(
      expect.arrayContaining([
        ['kubectl get pods -n shop', 'read'],
        ["grep 'a b'", 'read'],
        ['helm list', 'read'],
      ]),
    );
  });

  it("takes what begins like one of the user's own tools as that tool does", () => {
    const spec = (name: string, command: readonly [string, ...string[]]): CustomToolSpec => ({
      name,
      description: '',
      command,
      commandDescription: '',
      isInteractive: false,
      effects: [{ match: [['status']], effect: 'read', traits: [] }],
      env: [],
      origin: 'tools.yaml:1',
    });
    const custom = [spec('mesh', ['istioctl']), spec('beta', ['istioctl', 'experimental']), spec('pods', ['kubectl', 'get', 'pods'])];
    const tell = (line: string): object => {
      const { tool, effect, origin } = explainCommand(line, { custom });
      return { tool, effect, ...(origin === undefined ? {} : { origin }) };
    };
    const origin = 'tools.yaml:1';
    expect(tell('istioctl status --all')).toEqual({ tool: 'mesh', effect: 'read', origin });
    expect(tell('mesh status')).toEqual({ tool: 'mesh', effect: 'read', origin });
    expect(tell('istioctl experimental status')).toEqual({ tool: 'beta', effect: 'read', origin });
    expect(tell('istioctl install')).toEqual({ tool: 'mesh', effect: 'unknown', origin });
    expect(tell('istioctl status; rm x')).toMatchObject({ tool: 'bash' });
    expect(tell('kubectl get pods')).toEqual({ tool: 'kubectl', effect: 'read' });
    expect(tell('pods -n shop')).toEqual({ tool: 'pods', effect: 'read', origin });
    expect(tell('ls')).toEqual({ tool: 'bash', effect: 'read' });
    const far = spec('istioctl', ['/opt/istioctl', 'experimental']);
    const line = 'istioctl experimental status';
    const { effect, reasons } = customTool(far).prepare(JSON.stringify({ command: line }), {});
    expect(explainCommand(line, { custom: [far] })).toMatchObject({ tool: 'istioctl', effect, reasons });
  });

  it.each([['helm list'], [''], ['kubectl'], ['kubectl get pods \u{202e}'], ["kubectl 'x"], ['$(']])('never throws: %j', (line) => {
    const { parts, reasons } = explainCommand(line);
    expect(parts.length).toBeGreaterThan(0);
    expect(reasons.length).toBeGreaterThan(0);
  });
});
