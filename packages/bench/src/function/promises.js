// A request of much asynchronous work: a thousand awaited calls.
async function step(n) {
  await null;
  return n;
}

export async function handler() {
  for (let n = 0; n < 1_000; n += 1) await step(n);
  return { statusCode: 200, body: 'ok' };
}
