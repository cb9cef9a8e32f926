export const PAGES = ['requests', 'jobs', 'environments', 'lost', 'messages'] as const;
export type PageName = (typeof PAGES)[number];

/** What the page shows, as its address says it: `#/jobs/KEY`. */
export interface Route {
  readonly page: PageName;
  /** What is chosen; without it, the newest. */
  readonly key?: string;
}

export function readRoute(hash: string): Route {
  const [, page = '', key = ''] = /^#\/(\w+)(?:\/(.+))?$/.exec(hash) ?? [];
  const name = PAGES.find((each) => each === page) ?? 'requests';
  return key === '' ? { page: name } : { page: name, key: decoded(key) };
}

export function hashOf({ page, key }: Route): string {
  return key === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(key)}`;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // An address that somebody has typed.
    return key;
  }
}
