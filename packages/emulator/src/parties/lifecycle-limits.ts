/** On-demand INIT (Developer Guide, "Init phase"). */
export const INIT_LIMIT_MS = 10_000;

/** INIT on Managed Instances: 130 s, or the function timeout if that is longer. */
export const MANAGED_INIT_LIMIT_MS = 130_000;

/** SHUTDOWN (Developer Guide, "Shutdown phase"), by the kind of extensions that there are. */
export const SHUTDOWN_WINDOW_MS = { none: 0, internal: 500, external: 2_000 } as const;

/** The runtime's part of the window where there are external extensions; theirs follows. */
export const RUNTIME_SHUTDOWN_SHARE_MS = 300;

/** External and internal extensions together. */
export const MAX_EXTENSIONS = 10;
