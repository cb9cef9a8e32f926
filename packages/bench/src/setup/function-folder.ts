import { join } from 'node:path';

/** Functions and background handlers that are measured; `/var/task`. */
export const FUNCTION_FOLDER = join(import.meta.dirname, '../function');
