import { describe, expect, it } from 'vitest';
import { decode } from '../../src/schema/decode.ts';
import { structOf } from '../../src/api/body.ts';
import { deployment } from '../start.ts';

describe('decoding', () => {
  it('orders fields, drops unknown ones and says which they were', () => {
    const { value, unknown } = decode(structOf('apps/v1.Deployment'), {
      ...deployment('web'),
      spec: { replicaz: 4, replicas: 3 },
      nope: 1,
    });
    expect(unknown).toEqual(['spec.replicaz', 'nope']);
    expect(Object.keys(value)).toEqual(['kind', 'apiVersion', 'metadata', 'spec', 'status']);
    expect(value.spec).toMatchObject({ replicas: 3, selector: null, strategy: {} });
  });

  it('refuses wrong types in the words of the server', () => {
    expect(() => decode(structOf('apps/v1.Deployment'), { spec: { replicas: 'three' } })).toThrow(
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    );
    expect(() => decode(structOf('core/v1.Pod'), { spec: { containers: [{ resources: { limits: { cpu: 'abc' } } }] } })).toThrow(
      'quantities must match the regular expression',
    );
  });

  it('writes the zero values that the types demand', () => {
    const { value } = decode(structOf('core/v1.Pod'), {
      status: { conditions: [{ type: 'Ready', status: 'True' }], containerStatuses: [{ name: 'a' }] },
    });
    expect(value.status).toEqual({
      conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null }],
      containerStatuses: [{ name: 'a', state: {}, lastState: {}, ready: false, restartCount: 0, image: '', imageID: '' }],
    });
  });
});
