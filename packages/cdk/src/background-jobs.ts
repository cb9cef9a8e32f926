import type { FunctionFacts } from '@async-http/client/check';
import { Dashboard, type IWidget, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILayerVersion, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AsyncHttpProps, BackgroundOptions } from './async-http.ts';
import { checkFunction } from './check-function.ts';
import { dashboardWidgets } from './dashboard.ts';
import { grantSend } from './destination.ts';
import { AsyncHttpCdkError } from './errors.ts';
import { templateOf, variablesOf } from './function-template.ts';
import { grantStore } from './store.ts';

const ID = 'AsyncHttp';

/** Lambda's quota. */
const MAX_LAYERS = 5;

interface Options extends AsyncHttpProps, BackgroundOptions {
  readonly layer: ILayerVersion;
}

/** The background jobs of one function. */
export class BackgroundJobs extends Construct {
  /** Runs the jobs: the function itself, or the worker of its queue. */
  readonly worker: LambdaFunction;
  /** Where jobs wait for the worker; undefined when the function runs them. */
  readonly queue: IQueue | undefined;
  /** The jobs that failed in every attempt of the worker. */
  readonly deadLetterQueue: IQueue | undefined;
  readonly #writesMetrics: boolean;

  /** In the function's own scope: all of it belongs to the stack of the function. */
  constructor(fn: LambdaFunction, options: Options) {
    super(fn, ID);
    const { onFailure, onSuccess, store, metrics = false } = options;
    fn.addLayers(options.layer);
    const delivered = options.delivery?.bind(this, fn);
    const variables: Record<string, string | undefined> = {
      ASYNC_HANDLER: options.handler,
      ASYNC_HTTP_ON_FAILURE: onFailure && grantSend(fn, onFailure),
      ASYNC_HTTP_ON_SUCCESS: onSuccess && grantSend(fn, onSuccess),
      ASYNC_HTTP_MAX_RETRY_ATTEMPTS: options.retryAttempts?.toString(),
      ASYNC_HTTP_MAX_EVENT_AGE_SECONDS: options.maxEventAge?.toSeconds().toString(),
      ASYNC_HTTP_DEADLINE_MARGIN_MS: options.deadlineMargin?.toMilliseconds().toString(),
      ASYNC_HTTP_STORE: store && grantStore(fn, store),
      ASYNC_HTTP_STORE_RESULTS: store && options.storeResults ? 'on' : undefined,
      ASYNC_HTTP_METRICS: metrics ? 'emf' : undefined,
      ASYNC_HTTP_DELIVERY: delivered?.arn,
    };
    for (const [name, value] of Object.entries(variables)) {
      if (value !== undefined) fn.addEnvironment(name, value);
    }
    this.worker = delivered?.worker ?? fn;
    this.queue = delivered?.queue;
    this.deadLetterQueue = delivered?.deadLetterQueue;
    this.#writesMetrics = metrics;
    // At the end, because functions get variables and layers until then.
    this.node.addValidation({ validate: () => this.#check(fn) });
  }

  /** Jobs that ended, successfully or not. */
  metricJobs(options?: MetricOptions): Metric {
    return this.#metric('Jobs', 'Sum', options);
  }

  /**
   * Jobs that failed permanently. Behind a queue these are only those with a `NonRetriableError`: the others are in
   * `deadLetterQueue`, which has metrics itself.
   */
  metricFailures(options?: MetricOptions): Metric {
    return this.#metric('Failures', 'Sum', options);
  }

  /** Attempts after the first ones. */
  metricRetries(options?: MetricOptions): Metric {
    return this.#metric('Retries', 'Sum', options);
  }

  /** Jobs that the function's deadline or the end of its environment cut off. */
  metricRescues(options?: MetricOptions): Metric {
    return this.#metric('Rescues', 'Sum', options);
  }

  /** Milliseconds from the reply to the end of the background work, of one request in a hundred. */
  metricTail(options?: MetricOptions): Metric {
    return this.#metric('TailMs', 'p99', options);
  }

  /** A CloudWatch dashboard of these jobs. */
  dashboard(): Dashboard {
    return new Dashboard(this, 'Dashboard', { widgets: this.widgets() });
  }

  /** The widgets of `dashboard()`, in rows, for a dashboard that shows other things too. */
  widgets(): IWidget[][] {
    const { worker, queue, deadLetterQueue } = this;
    return dashboardWidgets({
      worker,
      queue,
      deadLetterQueue,
      metric: (name, { statistic, label, dimensions }) =>
        this.#metric(name, statistic, {
          label,
          dimensionsMap: { FunctionName: worker.functionName, ...dimensions },
        }),
    });
  }

  #metric(metricName: string, statistic: string, options?: MetricOptions): Metric {
    if (!this.#writesMetrics) {
      throw new AsyncHttpCdkError(
        'ASYNC_HTTP_CDK_METRICS_OFF',
        `${this.node.path} writes no metrics, so ${metricName} would stay without data. ` +
          'Give the AsyncHttp construct "metrics: true".',
      );
    }
    return new Metric({
      namespace: 'AsyncHttp',
      metricName,
      statistic,
      dimensionsMap: { FunctionName: this.worker.functionName },
      ...options,
    }).attachTo(this);
  }

  #check(fn: LambdaFunction): string[] {
    const findings = checkFunction(factsOf(fn, { runsJobs: this.worker === fn }));
    for (const { code, severity, text } of findings) {
      if (severity === 'warning') Annotations.of(this).addWarningV2(code, `${text}.`);
    }
    return findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, text }) => `${text} (${code}).`);
  }
}

/** @throws {AsyncHttpCdkError} when nothing can be added to `fn`. */
export function refuseUnusable(fn: LambdaFunction): void {
  if (typeof fn.addLayers !== 'function') {
    throw new AsyncHttpCdkError(
      'ASYNC_HTTP_CDK_IMPORTED_FUNCTION',
      `${fn.node.path} is imported, or an alias or version, so this app cannot change its layers, variables and role. ` +
        'Call addTo() with the lambda.Function itself, in the app that deploys it.',
    );
  }
  if (fn.node.tryFindChild(ID)) {
    throw new AsyncHttpCdkError(
      'ASYNC_HTTP_CDK_ADDED_TWICE',
      `${fn.node.path} has been given to addTo() before, and a function has one background handler. ` +
        'Call addTo() once for each function.',
    );
  }
  const layers = Stack.of(fn).resolve(templateOf(fn).layers);
  if (Array.isArray(layers) && layers.length >= MAX_LAYERS) {
    throw new AsyncHttpCdkError(
      'ASYNC_HTTP_CDK_TOO_MANY_LAYERS',
      `${fn.node.path} has ${layers.length} layers, and Lambda takes no more, so the async-http layer has no place. ` +
        'Remove one, or merge two.',
    );
  }
}

function factsOf(fn: LambdaFunction, { runsJobs }: { runsJobs: boolean }): FunctionFacts {
  const { memorySize, packageType, timeout } = templateOf(fn);
  const variables = Object.entries(variablesOf(fn)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    isImage: packageType === 'Image',
    runtime: known(fn.runtime.name),
    timeoutSeconds: known(timeout),
    memoryMiB: known(memorySize),
    runsJobs,
    variables: Object.fromEntries(variables),
  };
}

const known = <T>(value: T): T | 'unknown' => (Token.isUnresolved(value) ? 'unknown' : value);
