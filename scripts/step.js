/**
 * Does one thing and says so: its title at once, its seconds at the end. What the program prints is
 * shown only when it fails.
 *
 * @param {string} title
 * @param {(onOutput: (chunk: Buffer) => void) => Promise<number>} work resolves to an exit code.
 */
export async function step(title, work) {
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const output = [];

  process.stdout.write(`  ${title} …`);
  // A terminal shows that something happens; in a log file that would only be noise.
  const ticker = process.stdout.isTTY
    ? setInterval(() => process.stdout.write(`\r  ${title} … ${seconds()}`), 1000)
    : undefined;
  process.once('SIGINT', () => clearInterval(ticker));
  const exitCode = await work((chunk) => output.push(chunk)).finally(() => clearInterval(ticker));
  process.stdout.write(ticker ? `\r  ${title} … ${seconds()}\n` : ` ${seconds()}\n`);

  if (exitCode !== 0) {
    process.stderr.write(Buffer.concat(output));
    throw new Error(`"${title}" failed with exit code ${exitCode}; what it printed is above.`);
  }
}
