/**
 * `TESTS=whole` runs everything: all cells of the fault matrix instead of an eighth, on both Node.js versions the
 * specs that otherwise run on one, and whatever installs the packed packages with npm, because that needs its registry.
 * That takes more than twice as long.
 */
export const isWhole = process.env.TESTS === 'whole';
