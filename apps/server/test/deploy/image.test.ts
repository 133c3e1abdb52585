import { access, constants, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
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
  // Where no container engine is at hand, scripts/prove-image.sh takes its steps in a plain folder.
  it('S44: all that the documented `docker build` takes is there', async () => {
    const names = stages().flatMap(([from]) => / AS (\S+)$/.exec(from ?? '')?.[1] ?? []);
    for (const line of instructions.filter((one) => one.startsWith('COPY --from=')))
      expect(names).toContain(/--from=(\S+)/.exec(line)?.[1]);
    const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n').filter((line) => line !== '');
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    for (const line of instructions.filter((one) => one.startsWith('RUN npm run')))
      expect(Object.keys(scripts)).toContain(/npm run (?:--\S+ )*(\S+)/.exec(line)?.[1]);
    for (const file of ['deploy/collect.sh', 'pnpm-lock.yaml', 'LICENSE', 'THIRD-PARTY-NOTICES']) {
      await access(join(root, file), file.endsWith('.sh') ? constants.X_OK : constants.R_OK);
      expect(ignored).not.toContain(file.split('/')[0]);
    }
  });

  it('S192: an image and manifests are shipped, and name each other', async () => {
    const deployment = await readFile(join(root, 'deploy/kubernetes/deployment.yaml'), 'utf8');
    expect(deployment).toContain('image: kubelet-wuhrai:latest');
    expect(instructions).toContain(`EXPOSE ${/containerPort: (\d+)/.exec(deployment)?.[1]}`);
  });

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
