// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text whose control, bidi and zero-width characters are written out; line feeds and tabs stay. */
export function visible(text: string): string {
  return text.toWellFormed().replace(hidden, (char) => {
    const code = char.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** A line, cut in its middle where it is longer than `maxUnits`. */
export function cutMiddle(text: string, maxUnits: number, units: number = text.length): string {
  if (text.length <= maxUnits && units <= text.length) return text;
  const head = Math.floor(maxUnits * 0.6);
  const tail = maxUnits - head;
  const left = text.slice(0, Math.min(head, text.length));
  const right = text.length > left.length ? text.slice(-Math.min(tail, text.length - left.length)) : '';
  return `${left.toWellFormed()}[... ${(units - left.length - right.length).toLocaleString('en-US')} characters ...]${right.toWellFormed()}`;
}
