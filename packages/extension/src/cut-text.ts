/** The longest start of a text whose JSON form has at most `maxBytes` bytes, quotes included. */
export function cutText(text: string, maxBytes: number): string {
  if (jsonBytes(text) <= maxBytes) return text;
  let fits = 0;
  let tooLong = Math.min(text.length, maxBytes);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (jsonBytes(text.slice(0, middle)) <= maxBytes) fits = middle;
    else tooLong = middle;
  }
  // Never between the halves of a character: JSON has 6 bytes for a half and 4 for the whole.
  return text.slice(0, fits);
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
