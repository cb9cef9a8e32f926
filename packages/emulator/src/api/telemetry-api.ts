import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionConfig } from '../function-config.ts';
import type { Extension } from '../parties/extension.ts';
import type { Generation } from '../parties/generation.ts';
import type { SubscriptionSettings } from '../telemetry/subscription.ts';
import { type ApiCall, route, sendError, sendJson } from './api-server.ts';
import { identify } from './extensions-api.ts';
import { readBody } from './read-body.ts';
import { parseSubscription } from './telemetry-subscription.ts';

const BODY_LIMIT = 256 * 1024;

interface Dependencies {
  readonly config: FunctionConfig;
  readonly generation: () => Generation | undefined;
  readonly onSubscribed: (extension: Extension, settings: SubscriptionSettings) => void;
}

/** The Telemetry API, version 2022-07-01; the Logs API that it replaces is not offered. */
export class TelemetryApi {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  readonly handle = (call: ApiCall): boolean => {
    const { request, response } = call;
    const generation = this.#dependencies.generation();
    if (!generation) return false;
    return route(call, {
      '/2022-07-01/telemetry': ['PUT', () => void this.#subscribe(generation, request, response)],
      '/2020-08-15/logs': [
        'PUT',
        () => {
          request.resume();
          // The official emulator's answer: 202 tells an extension that nothing will be delivered.
          sendError(response, 202, 'Logs.NotSupported', 'Logs API is not supported');
        },
      ],
    });
  };

  async #subscribe(
    generation: Generation,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { config, onSubscribed } = this.#dependencies;
    const body = await readBody(request, BODY_LIMIT);
    const extension = identify(generation, request, response);
    if (!extension) return;
    if (!generation.isSubscriptionOpen) {
      sendError(
        response,
        403,
        'Telemetry.SubscriptionClosed',
        'Telemetry API subscription is closed already',
      );
      return;
    }
    const parsed = parseSubscription(body.content, config.isManagedInstances);
    if ('problems' in parsed) {
      sendError(response, 400, 'ValidationError', parsed.problems.join('; '));
      return;
    }
    sendJson(response, 200, 'OK');
    onSubscribed(extension, parsed);
  }
}
