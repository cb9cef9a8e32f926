/** The longest start of a text whose JSON form has at most `maxBytes` bytes, quotes included. In one pass. */
export function cutText(text: string, maxBytes: number): string {
  let left = maxBytes - '""'.length;
  for (let at = 0; at < text.length; ) {
    const isPair = isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1));
    left -= isPair ? 4 : jsonBytes(text.charCodeAt(at));
    if (left < 0) return text.slice(0, at);
    at += isPair ? 2 : 1;
  }
  return text;
}

/** Of a code unit that stands alone. */
function jsonBytes(unit: number): number {
  if (unit === 0x22 || unit === 0x5c) return 2; // A quote or a backslash.
  if (unit < 0x20) return '\b\t\n\f\r'.includes(String.fromCharCode(unit)) ? 2 : 6;
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return isHigh(unit) || isLow(unit) ? 6 : 3; // Half a character is written as \udxxx.
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
