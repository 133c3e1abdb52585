import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const dockerfile = await readFile(resolve(import.meta.dirname, '../../../../Dockerfile'), 'utf8');
/** Instructions with their continuation lines joined, without comments. */
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '');

function stages(): readonly (readonly string[])[] {
  return instructions.reduce<readonly (readonly string[])[]>(
    (all, line) => (line.startsWith('FROM ') ? [...all, [line]] : [...all.slice(0, -1), [...(all.at(-1) ?? []), line]]),
    [],
  );
}

describe('Dockerfile', () => {
  it('S39: has several stages, the builder copies the source to /src', () => {
    const builder = stages().find(([from]) => from?.endsWith(' AS builder') === true) ?? [];
    expect(builder).toContain('WORKDIR /src');
    expect(builder).toContain('COPY . .');
    expect(stages().at(-1)?.join('\n')).toContain('COPY --from=builder ');
  });

  it('S40, S41: the image has certificates, curl, kubectl and the program', () => {
    const image = stages().at(-1)?.join('\n') ?? '';
    expect(image).toMatch(/apt-get install [^&]*ca-certificates curl/);
    expect(image).toContain('COPY --from=kubectl /kubectl /bin/kubectl');
    expect(image).toContain('ln -s /opt/kubelet-wuhrai/dist/main.js /bin/kubelet-wuhrai');
  });

  it('S42, S43: documented port and command', () => {
    expect(instructions).toContain('EXPOSE 8888');
    expect(instructions.at(-1)).toBe('CMD ["kubelet-wuhrai","--user-interface=html","--ui-listen-address=0.0.0.0:8888"]');
  });
});
