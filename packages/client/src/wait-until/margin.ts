const DEFAULT_MS = 1_000;

/**
 * How long before the deadline the work of a request is given up, as the extension does it.
 *
 * @param setting `ASYNC_HTTP_DEADLINE_MARGIN_MS`; a bad value is the extension's to report
 * @param leftMs until the deadline
 */
export function marginMs(setting: string | undefined, leftMs: number): number {
  const wanted = Number(setting);
  return Math.max(0, Math.min(wanted >= 100 ? wanted : DEFAULT_MS, leftMs / 5));
}
