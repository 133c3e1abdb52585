import type { Preset } from './preset.ts';
import { cloudPresets } from './presets/cloud.ts';
import { compatiblePresets } from './presets/compatible.ts';
import { documentedPresets } from './presets/documented.ts';

export type { Preset } from './preset.ts';

/** The providers that are known without configuration; the first is the default. */
export const presets: readonly Preset[] = [...documentedPresets, ...compatiblePresets, ...cloudPresets];

/** Finds a preset by its id or one of its aliases, in upper or lower case. */
export function findPreset(id: string, known: readonly Preset[] = presets): Preset | undefined {
  const wanted = id.toLowerCase();
  return known.find((preset) => preset.id === wanted) ?? known.find((preset) => preset.aliases.includes(wanted));
}

/** The provider whose model names look like this one; undefined where none does. */
export function inferProvider(model: string, known: readonly Preset[] = presets): string | undefined {
  const name = model.toLowerCase();
  const configured = known.find((preset) => preset.configuredAs !== undefined && preset.models.includes(model));
  return (configured ?? known.find((preset) => preset.modelPattern?.test(name) === true))?.id;
}
