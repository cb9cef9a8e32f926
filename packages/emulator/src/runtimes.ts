import type { RuntimeName } from './lambda-types.ts';

/** Oldest first. */
export const RUNTIMES = ['nodejs22.x', 'nodejs24.x', 'nodejs26.x'] as const satisfies RuntimeName[];

/** What a function gets that names none. */
export const DEFAULT_RUNTIME: RuntimeName = 'nodejs24.x';
