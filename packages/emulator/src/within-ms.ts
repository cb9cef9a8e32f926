/** Waits for the work, but not longer than the limit. Does not reject. */
export async function withinMs(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.max(0, limitMs));
  });
  await Promise.race([work.catch(() => {}), limit]);
  clearTimeout(timer);
}
