/** A longer timer fires at once: Node.js keeps its time in 31 bits. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
