import { describe, expect, it } from 'vitest';
import { judgeShell } from '../../src/bash/judge-shell.ts';
import { worseEffect } from '../../src/effects/judgement.ts';
import { judgeKubectl } from '../../src/kubectl/judge-kubectl.ts';

describe('a judgement', () => {
  it('puts read before write before unknown before dangerous', () => {
    expect(worseEffect('read', 'write')).toBe('write');
    expect(worseEffect('unknown', 'write')).toBe('unknown');
    expect(worseEffect('unknown', 'dangerous')).toBe('dangerous');
    expect(worseEffect('dangerous', 'read')).toBe('dangerous');
  });

  it('says what a command is about', () => {
    expect(judgeKubectl('kubectl delete deploy/web pod/x -n shop --context prod')).toMatchObject({
      verb: 'delete',
      kinds: ['deployments', 'pods'],
      names: ['web', 'x'],
      namespace: 'shop',
      context: 'prod',
      targetFlags: ['--context'],
    });
    expect(judgeKubectl('kubectl get pods -A')).toMatchObject({ namespace: '*' });
  });

  it('does not count the context of the run as another target', () => {
    expect(judgeKubectl('kubectl --context prod get pods', { currentContext: 'prod' }).traits).toEqual([]);
    expect(judgeShell('kubectl --context prod get pods | wc -l', { currentContext: 'prod' }).traits).toEqual([]);
    expect(judgeKubectl('kubectl --context prod get pods', { currentContext: 'dev' }).traits).toEqual(['moves-target']);
  });

  it('names the words that decided', () => {
    expect(judgeKubectl('kubectl delete pods --all --force').reasons).toEqual([
      '--all: delete reaches every object of a collection',
      '--force does not wait until the object is really gone',
      'delete removes objects',
    ]);
  });

  it('never shows a credential in its reasons', () => {
    const { reasons } = judgeKubectl('kubectl get pods --token=abc123 --password hunter2');
    expect(reasons.join(' ')).not.toMatch(/abc123|hunter2/);
  });

  it('gives the way to do it instead of what never ends or needs a terminal', () => {
    expect(judgeKubectl('kubectl logs -f web').refusal).toBe('Leave out -f; use --tail=200 or --since=10m.');
    expect(judgeKubectl('kubectl edit deploy web').refusal).toContain('kubectl patch');
    expect(judgeShell('watch kubectl get pods').refusal).toBe('Run the command itself, and again later.');
    expect(judgeShell('timeout 10 kubectl logs -f web').refusal).toBeUndefined();
  });

  it('keeps the judgement of each part of a line', () => {
    const { parts } = judgeShell('kubectl get pods -n a; kubectl delete pod x -n b | cat');
    expect(parts?.map(({ effect, namespace }) => ({ effect, namespace }))).toEqual([
      { effect: 'read', namespace: 'a' },
      { effect: 'write', namespace: 'b' },
      { effect: 'read', namespace: undefined },
    ]);
  });

  it('looks into manifests that come by stdin', () => {
    const input = 'kind: Role\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {name: r, namespace: shop}\n';
    expect(judgeKubectl('kubectl apply -f -', { input })).toMatchObject({
      effect: 'dangerous',
      kinds: ['roles'],
      names: ['r'],
      namespace: 'shop',
    });
    expect(judgeKubectl('kubectl apply -f -', { input: 'kind: ConfigMap\nmetadata: {name: c}' })).toMatchObject({
      effect: 'write',
      kinds: ['configmaps'],
    });
    expect(judgeShell('cat | kubectl apply -f -', { input })).toMatchObject({ effect: 'write' });
    expect(judgeShell('kubectl apply -f -', { input })).toMatchObject({ effect: 'dangerous' });
  });
});
