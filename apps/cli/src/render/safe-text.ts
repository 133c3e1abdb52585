/** Characters that could steer a terminal or hide from a reader: C0 and C1 controls but tab and newline, bidirectional and zero-width ones. */
// eslint-disable-next-line no-control-regex -- the controls are the point
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes text of models and tools safe to print: what could steer the terminal is shown as an escape instead. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Characters that print as nothing, or as a space that is none. */
const unseen =
  /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}\u{2800}\u{fffc}-\u{ffff}]|(?! )\p{Zs}/gu;

/** Makes a command safe to be judged by a reader: every character of it is seen, too. */
export function safeCommand(text: string): string {
  return safeText(text).replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
