/**
 * `TESTS=whole` runs everything: all cells of the fault matrix instead of a quarter, on both Node.js versions the
 * specs that otherwise run on one, and every example installed from the packed packages. That takes more than twice as long.
 */
export const isWhole = process.env.TESTS === 'whole';
