/** What of an object's text is left out of a model's view. */
export interface NoiseFilter {
  /** True where the line is noise. Lines come in order. */
  isNoise(line: string): boolean;
  /** The names of what was left out. */
  names(): readonly string[];
}

const blocks = /^(\s*)(?:- )?"?(managedFields|kubectl\.kubernetes\.io\/last-applied-configuration)"?:(.*)$/;
const singles =
  /^\s+(?:- )?"?(uid|resourceVersion|selfLink|generation|pod-template-hash|controller-uid|batch\.kubernetes\.io\/controller-uid)"?: "?[A-Za-z0-9./-]+"?,?\s*$/;

/** Finds `managedFields`, last-applied annotations, uids and versions in YAML and in JSON that is printed in lines. */
export function noiseFilter(): NoiseFilter {
  const names = new Set<string>();
  /** Indent of the block that is being left out. */
  let block: number | undefined;
  let json = false;
  return {
    isNoise: (line) => {
      if (block !== undefined) {
        const indent = line.search(/\S/);
        const closing = json && indent === block && /^\s*[\]}],?\s*$/.test(line);
        const list = !json && indent === block && /^\s*- /.test(line);
        if (closing) {
          block = undefined;
          return true;
        }
        if (indent === -1 || indent > block || list) return true;
        block = undefined;
      }
      if (line.length > 2_000_000 || !/[:]/.test(line.slice(0, 120))) return false;
      const [, indent = '', name, rest = ''] = blocks.exec(line.slice(0, 300)) ?? [];
      if (name !== undefined) {
        names.add(name === 'managedFields' ? name : 'last-applied-configuration');
        if (/^\s*(?:[[{|>][-+]?)?\s*$/.test(rest)) {
          block = indent.length;
          json = /[[{]\s*$/.test(rest);
        }
        return true;
      }
      const single = singles.exec(line.slice(0, 300))?.[1];
      if (single !== undefined) names.add(/uid/.test(single) ? 'uid' : single);
      return single !== undefined;
    },
    names: () => [...names].toSorted(),
  };
}
