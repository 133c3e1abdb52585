import { describe, expect, it } from 'vitest';
import { decodeEnvelope } from '../../src/schema/protobuf.ts';

const field = (number: number, ...contents: readonly (Uint8Array | string)[]): Buffer => {
  const body = Buffer.concat(contents.map((content) => Buffer.from(content)));
  return Buffer.concat([Buffer.from([number * 8 + 2, body.length]), body]);
};
const varint = (number: number, value: number): Buffer => Buffer.from([number * 8, value]);

describe('protobuf bodies', () => {
  it('become the JSON of their kind, inlined structs included', () => {
    const container = Buffer.concat([
      field(1, 'main'),
      field(2, 'nginx'),
      field(7, field(1, 'A'), field(3, field(3, field(1, field(1, 'settings')), field(2, 'key')))),
    ]);
    const template = Buffer.concat([field(1, field(11, field(1, 'app'), field(2, 'web'))), field(2, field(2, container))]);
    const spec = Buffer.concat([varint(1, 3), field(3, template)]);
    const raw = Buffer.concat([field(1, field(1, 'web')), field(2, spec)]);
    const body = Buffer.concat([Buffer.from('k8s\0'), field(1, field(1, 'apps/v1'), field(2, 'Deployment')), field(2, raw)]);
    expect(decodeEnvelope(body)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 3,
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'main', image: 'nginx', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'key' } } }] },
            ],
          },
        },
      },
    });
  });

  it('that are broken say so in the words of the server', () => {
    expect(() => decodeEnvelope(Buffer.from('k8s\0nope'))).toThrow('proto: illegal wireType 6');
  });
});
