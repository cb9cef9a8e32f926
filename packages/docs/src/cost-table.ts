/** Prices in USD, as the page lists them. */
export interface Prices {
  readonly gbSecond: number;
  readonly millionRequests: number;
  readonly millionQueueRequests: number;
}

const TAILS_SECONDS = [0.2, 1, 5, 30];
const MEMORIES_MB = [256, 512, 1_024];
const BATCH = 10;

const REQUESTS_PER_SECOND = 20;
const REPLY_SECONDS = 0.1;

/** What the background work of a million requests costs, one line for each tail and memory. */
export function costTable({ gbSecond, millionRequests, millionQueueRequests }: Prices): string[] {
  return MEMORIES_MB.flatMap((memoryMb) =>
    TAILS_SECONDS.map((tail) => {
      const gbSeconds = 1e6 * tail * (memoryMb / 1_024);
      const work = gbSeconds * gbSecond;
      // Send, receive and delete.
      const queue = 3 * millionQueueRequests + millionRequests;
      const batches = (1 + 2 / BATCH) * millionQueueRequests + millionRequests / BATCH;
      return row([
        seconds(tail),
        `${memoryMb} MB`,
        gbSeconds.toLocaleString('en-US'),
        ...[0, millionRequests, queue, batches].map((more) => (work + more).toFixed(2)),
      ]);
    }),
  );
}

/** How many environments are busy at once, one line for each tail. */
export function concurrencyTable(): string[] {
  return TAILS_SECONDS.map((tail) =>
    row([seconds(tail), String(Math.round(REQUESTS_PER_SECOND * (REPLY_SECONDS + tail)))]),
  );
}

const seconds = (value: number) => `${value} s`;
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
