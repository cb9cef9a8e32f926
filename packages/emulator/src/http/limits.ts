// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html

/** How long an HTTP API waits for a function; no route may ask for more. */
export const HTTP_API_TIMEOUT_MS = 30_000;
/** How long a REST API waits for a function, unless a route asks for more and the account allows it. */
export const REST_API_TIMEOUT_MS = 29_000;
/** How long an HTTP API waits for the function of an authorizer. */
export const HTTP_API_AUTHORIZER_TIMEOUT_MS = 10_000;
/** Request line and headers together. */
export const MAX_HEAD_BYTES = 10_240;
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

/** Request line and headers of a call of the Invoke API. */
export const MAX_INVOKE_HEAD_BYTES = 1024 * 1024;
