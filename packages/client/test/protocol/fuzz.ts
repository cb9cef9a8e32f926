// pnpm --filter @async-http/client run fuzz [inputs] [seed]
/* biome-ignore-all lint/suspicious/noConsole: a program */
import { readHostileInputs } from './hostile-inputs.ts';

const [count = 1_000_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const PARTS = 20;
const LIMIT_MIB = 64;

const heapMiB = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

readHostileInputs(1_000, seed);
const before = heapMiB();
const total = { accepted: 0, refused: 0 };
let highest = 0;
for (let part = 0; part < PARTS; part += 1) {
  const { rings, heads } = readHostileInputs(Math.ceil(count / PARTS), seed + part);
  total.accepted += rings.accepted + heads.accepted;
  total.refused += rings.refused + heads.refused;
  highest = Math.max(highest, process.memoryUsage().rss / 2 ** 20);
}
const growth = heapMiB() - before;
console.log(
  `seed ${seed}: ${total.accepted} accepted, all of which read back; ${total.refused} refused; ` +
    `heap ${growth.toFixed(1)} MiB larger at the end; at most ${highest.toFixed(0)} MiB resident`,
);
if (growth > LIMIT_MIB) process.exitCode = 1;
