import { describe, expect, it } from 'vitest';
import { toKinds } from '../../src/report/kind-names.ts';
import { shownKind, worldKindOf } from '../../src/world/world-kind.ts';

describe('kinds of which two groups have one', () => {
  it('are shown as kubectl takes them', () => {
    expect(shownKind('Deployment')).toBe('deployment');
    expect(shownKind('FluxKustomization')).toBe('kustomizations.kustomize.toolkit.fluxcd.io');
    expect(shownKind('OlmSubscription')).toBe('subscriptions.operators.coreos.com');
  });

  it('are known by the names of the API', () => {
    expect(worldKindOf('kustomize.toolkit.fluxcd.io', 'Kustomization')).toBe('FluxKustomization');
    expect(worldKindOf('kyverno.io', 'Policy')).toBe('KyvernoPolicy');
    expect(worldKindOf('apps', 'Deployment')).toBe('Deployment');
    expect(toKinds(['kustomizations', 'ks', 'gateways.gateway.networking.k8s.io', 'crd'])).toEqual([
      'FluxKustomization',
      'FluxKustomization',
      'Gateway',
      'CustomResourceDefinition',
    ]);
  });
});
