/** undici, which is loaded with the first request: that takes about a tenth of a second, and the start goes without. */
export const httpClient = () => import('undici');

/** For a request whose answer may take as long as a function runs, or as an environment is frozen. */
export const WITHOUT_TIME_LIMITS = { headersTimeout: 0, bodyTimeout: 0 } as const;
