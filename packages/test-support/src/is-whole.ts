/**
 * `TESTS=whole` runs also what repeats on the other Node.js version what a run without it has shown on one. That takes
 * twice as long.
 */
export const isWhole = process.env.TESTS === 'whole';
