/**
 * Whether a `Content-Type` or `Accept` header names one of an API's binary media types. Of several types in
 * the header only the first counts, and it has to be written as in the API's list, wildcards included.
 */
export function matchesMediaType(
  header: string | undefined,
  binaryMediaTypes: readonly string[],
): boolean {
  const [first = ''] = (header ?? '').split(/[,;]/);
  const [type, subtype] = first.trim().toLowerCase().split('/');
  return binaryMediaTypes.some((binary) => {
    const [binaryType, binarySubtype] = binary.toLowerCase().split('/');
    if (binary === '*/*') return true;
    return type === binaryType && (binarySubtype === '*' || subtype === binarySubtype);
  });
}
