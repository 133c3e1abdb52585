import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject, parseJson } from './parse-json.ts';
import type { CallFragment } from './read-chunk.ts';

/** A call as far as it has come. */
export interface DraftCall {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
  readonly vendor: JsonObject | undefined;
}

/** Puts the fragments of tool calls together: by index, then by id, then by order. */
export interface CallAssembler {
  add(fragment: CallFragment): void;
  calls(): readonly DraftCall[];
}

/** Longest arguments of one call, in UTF-16 units. */
export const maxArgumentsLength: number = 16 * 1_024 * 1_024;

/** Makes an empty assembler. */
export function createCallAssembler(): CallAssembler {
  const drafts: DraftCall[] = [];
  return {
    add: (fragment) => {
      const at = placeOf(fragment, drafts);
      const draft = drafts[at];
      if (draft === undefined)
        drafts.push({
          index: fragment.index,
          id: fragment.id,
          name: fragment.name ?? '',
          arguments: fragment.arguments,
          vendor: fragment.vendor,
        });
      else drafts[at] = join(draft, fragment);
    },
    calls: () => drafts,
  };
}

/** The position of the call that a fragment goes on with, or the end for a new one. */
function placeOf(fragment: CallFragment, drafts: readonly DraftCall[]): number {
  const { index, id, name } = fragment;
  const begins = name !== undefined;
  const same =
    index !== undefined
      ? drafts.findLastIndex((draft) => draft.index === index)
      : id !== undefined
        ? drafts.findLastIndex((draft) => draft.id === id)
        : drafts.length - 1;
  const draft = drafts[same];
  if (draft === undefined) return drafts.length;
  // Some servers give every call the same index: another id, or a name after whole arguments, begins the next one.
  const otherId = id !== undefined && draft.id !== undefined && id !== draft.id;
  const next =
    begins &&
    (otherId || (draft.name !== '' && isWhole(draft.arguments) && (id === undefined || id !== draft.id || fragment.arguments !== '')));
  return next ? drafts.length : same;
}

function join(draft: DraftCall, fragment: CallFragment): DraftCall {
  const repeated = fragment.name === undefined || fragment.name === draft.name;
  return {
    index: draft.index,
    id: draft.id ?? fragment.id,
    name: repeated ? draft.name : draft.name + (fragment.name ?? ''),
    arguments: draft.arguments + fragment.arguments,
    vendor: fragment.vendor === undefined ? draft.vendor : { ...draft.vendor, ...fragment.vendor },
  };
}

function isWhole(text: string): boolean {
  // Only a text that ends like an object is worth a parse.
  const value: JsonValue | undefined = text.trimEnd().endsWith('}') ? parseJson(text) : undefined;
  return isJsonObject(value);
}
