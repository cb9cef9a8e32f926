/** What is read of an event of API Gateway, a function URL or a load balancer. */
export interface RawHttpEvent {
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * An HTTP event with its parsed body. What only some kinds of events have is optional; for the exact type of one
 * kind, annotate the parameter: `(event: WithBody<APIGatewayProxyEventV2, Order>) => …`.
 *
 * Written here, so that nobody needs `@types/aws-lambda`.
 *
 * @see API Gateway, "Create AWS Lambda proxy integrations for HTTP APIs": payload format versions 1.0 and 2.0
 */
export interface HttpEvent<TBody> {
  readonly body: TBody;
  readonly isBase64Encoded: boolean;
  readonly headers?: Texts | null;
  readonly queryStringParameters?: Texts | null;
  readonly pathParameters?: Texts | null;
  readonly stageVariables?: Texts | null;
  readonly version?: string;
  readonly requestContext: HttpRequestContext;
  /** Format 2.0 and function URLs. */
  readonly routeKey?: string;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly cookies?: readonly string[];
  /** Format 1.0 and load balancers. */
  readonly httpMethod?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly multiValueQueryStringParameters?: Readonly<
    Record<string, readonly string[] | undefined>
  > | null;
}

export interface HttpRequestContext {
  readonly requestId?: string;
  readonly accountId?: string;
  readonly apiId?: string;
  readonly domainName?: string;
  readonly stage?: string;
  readonly authorizer?: Readonly<Record<string, unknown>> | null;
  /** Format 2.0 and function URLs. */
  readonly http?: {
    readonly method: string;
    readonly path: string;
    readonly protocol: string;
    readonly sourceIp: string;
    readonly userAgent: string;
  };
  /** Format 1.0. */
  readonly httpMethod?: string;
  readonly identity?: Readonly<Record<string, unknown>>;
}

/** An event of any kind, with another body. */
export type WithBody<TEvent, TBody> = Omit<TEvent, 'body'> & { readonly body: TBody };

/** Whether somebody waits for an HTTP response. Tests may leave out all but the body. */
export function isHttpEvent(event: unknown): event is RawHttpEvent {
  return (
    typeof event === 'object' && event !== null && ('requestContext' in event || 'body' in event)
  );
}
