/** A file or folder of the layer, as it will lie under `/opt`. */
export interface LayerEntry {
  /** Relative to `/opt`, with `/` between names. A folder's path ends in `/`, as it does in a zip. */
  readonly path: string;
  /** Unix permission bits, e.g. `0o755`. */
  readonly mode: number;
  /** Empty for a folder. */
  readonly data: Uint8Array;
}

export function isFolder(entry: LayerEntry): boolean {
  return entry.path.endsWith('/');
}
