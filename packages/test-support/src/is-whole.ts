/**
 * `TESTS=whole` runs everything: all cells of the fault matrix instead of a quarter, and on both Node.js versions the
 * specs that otherwise run on one. That takes twice as long.
 */
export const isWhole = process.env.TESTS === 'whole';
