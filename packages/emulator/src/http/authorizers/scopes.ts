import type { Values } from '../../project/record.ts';

/** The scopes of a token's claims, of `scp`, else of `scope`: a list, or text with spaces. */
export function scopesOf({ scp, scope }: Values): string[] {
  const value = scp ?? scope ?? [];
  return Array.isArray(value) ? value.map(String) : String(value).split(' ').filter(Boolean);
}
