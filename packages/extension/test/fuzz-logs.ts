// Damages logs and bell messages: `node --conditions=@async-http/source test/fuzz-logs.ts [inputs] [seed]`.
import { fuzzLogs } from './support/fuzz-logs.ts';

const [inputs = '1000000', seed = `${Date.now()}`] = process.argv.slice(2);
const STEP = 50_000;
const rss = () => Math.round(process.memoryUsage().rss / 1024 / 1024);
for (let done = 0; done < Number(inputs); done += STEP) {
  const step = Math.min(STEP, Number(inputs) - done);
  const seen = fuzzLogs(step, Number(seed) + done);
  process.stdout.write(`${done + step} inputs, ${rss()} MiB: ${JSON.stringify(seen)}\n`);
}
