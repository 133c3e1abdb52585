import { mkdir, writeFile } from 'node:fs/promises';
import type { Place } from './command.ts';

/** Writes a file of the configuration directory of a place, readable by its owner alone; gives its path. */
export async function configure(place: Place, text: string, name = 'config.yaml'): Promise<string> {
  const folder = `${place.home}/.config/kubelet-wuhrai`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}`, text, { mode: 0o600 });
  return `${folder}/${name}`;
}
