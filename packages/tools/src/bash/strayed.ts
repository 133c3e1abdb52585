import { forEachChild } from 'unbash';
import type { ParsedScript, SyntaxNode } from 'unbash';
import { literalText } from './variables.ts';

const harmless = /^(?:\/tmp(?:\/[\w.-]+)*|[\w-][\w.-]*(?:\/[\w-][\w.-]*)*)\/?$/;
const systemFolder = /^(?:etc|dev|proc|sys|boot|usr|s?bin|lib\w*|opt|var|run|root|home)(?:\/|$)/;

/** The first folder that a script goes to and that is not plainly harmless: a path written without its folder may be anywhere then. */
export function strayedTo(script: ParsedScript): string | undefined {
  let folder: string | undefined;
  const visit = (node: SyntaxNode): void => {
    if (folder !== undefined) return;
    const words =
      node.type === 'Command' && node.name !== undefined
        ? [node.name, ...node.args].map((word) => (word.type === 'Word' ? (literalText(word) ?? word.text) : word.text))
        : [];
    const at = words.findIndex((word) => word === 'cd' || word === 'pushd');
    if (at >= 0 && at <= 2) {
      const target = words.slice(at + 1).find((word) => !/^-[LPe@]*$/.test(word)) ?? '~';
      if (!harmless.test(target) || systemFolder.test(target)) folder = target;
    }
    forEachChild(node, visit);
  };
  visit(script);
  return folder;
}
