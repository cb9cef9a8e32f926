/** What happens to HTTP requests, for a timeline. `at` is epoch ms, durations are ms. */
export type HttpEvent = {
  at: number;
  /** Counts requests from 1; the same in both events of a request. */
  request: number;
} & (
  | {
      type: 'http.request';
      method: string;
      /** Path and query, as sent. */
      target: string;
      /** Absent when no route takes the request. */
      functionName?: string;
      routeKey?: string;
    }
  | {
      type: 'http.response';
      statusCode: number;
      durationMs: number;
      functionName?: string;
      /** Lambda's request id and environment; absent when no function answered. */
      requestId?: string;
      environmentId?: string;
      /** Why the client got something else than the function meant. */
      problem?: string;
    }
);
