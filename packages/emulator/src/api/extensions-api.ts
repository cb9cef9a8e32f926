import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionConfig } from '../function-config.ts';
import { Extension, type ExtensionEventName } from '../parties/extension.ts';
import { EXTENSION_TARGETS, type ExtensionMove } from '../parties/extension-states.ts';
import type { Generation } from '../parties/generation.ts';
import { MAX_EXTENSIONS } from '../parties/lifecycle-limits.ts';
import { type ApiCall, route, sendError, sendJson } from './api-server.ts';
import { readBody } from './read-body.ts';

const PREFIX = '/2020-01-01/extension';
const BODY_LIMIT = 256 * 1024;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

interface Dependencies {
  readonly config: FunctionConfig;
  /** The processes that run now; undefined between a reset and the next INIT. */
  readonly generation: () => Generation | undefined;
  readonly onRegistered: (extension: Extension) => void;
  readonly onNext: (extension: Extension) => void;
}

/** The Extensions API, version 2020-01-01. */
export class ExtensionsApi {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  readonly handle = (call: ApiCall): boolean => {
    const { request, response } = call;
    const generation = this.#dependencies.generation();
    if (!generation) return false;
    return route(call, {
      [`${PREFIX}/register`]: ['POST', () => void this.#register(generation, request, response)],
      [`${PREFIX}/event/next`]: ['GET', () => this.#next(generation, request, response)],
      [`${PREFIX}/init/error`]: [
        'POST',
        () => void this.#reportError(generation, 'initError', request, response),
      ],
      [`${PREFIX}/exit/error`]: [
        'POST',
        () => void this.#reportError(generation, 'exitError', request, response),
      ],
    });
  };

  async #register(
    generation: Generation,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { config, onRegistered } = this.#dependencies;
    const body = await readBody(request, BODY_LIMIT);
    const refuse = (type: string, message: string) => sendError(response, 403, type, message);

    const name = header(request, 'lambda-extension-name');
    if (!name) return refuse('Extension.InvalidExtensionName', 'Empty extension name');
    const parsed = parseRegistration(body.content);
    if ('problem' in parsed) return refuse('InvalidRequestFormat', parsed.problem);

    const external = generation.extensions.find((known) => known.isExternal && known.name === name);
    const invalid = findInvalidEvent(parsed.events, { config, isExternal: external !== undefined });
    if (invalid) return refuse('Extension.InvalidEventType', invalid);
    if (!external) {
      if (!generation.isRegistrationOpen) {
        return refuse('Extension.RegistrationClosed', 'Extension registration closed already');
      }
      if (generation.extensions.some((known) => known.name === name)) {
        return refuse(
          'Extension.InvalidExtensionState',
          'Extension with this name already registered',
        );
      }
      if (generation.extensions.length >= MAX_EXTENSIONS) {
        return refuse('Extension.TooManyExtensions', `Extension limit (${MAX_EXTENSIONS}) reached`);
      }
    }
    const extension = external ?? new Extension(name, false);
    if (!extension.move('register')) return refuseMove(response, extension, 'register', name);
    extension.events = parsed.events as ExtensionEventName[];
    if (!external) generation.extensions.push(extension);

    const features = (header(request, 'lambda-extension-accept-feature') ?? '').split(/\s*,\s*/);
    sendJson(
      response,
      200,
      {
        ...(features.includes('accountId') && { accountId: config.accountId }),
        functionName: config.name,
        functionVersion: config.version,
        handler: config.handler,
      },
      { 'Lambda-Extension-Identifier': extension.id },
    );
    onRegistered(extension);
    generation.changed();
  }

  #next(generation: Generation, request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const extension = identify(generation, request, response);
    if (!extension) return;
    if (!extension.move('next')) {
      refuseMove(response, extension, 'next', extension.id);
      return;
    }
    this.#dependencies.onNext(extension);
    extension.park((event) => {
      // The reference implementation gives SHUTDOWN no event identifier.
      const headers =
        event.eventType === 'INVOKE' ? { 'Lambda-Extension-Event-Identifier': randomUUID() } : {};
      sendJson(response, 200, event, headers);
    });
    generation.changed();
  }

  async #reportError(
    generation: Generation,
    move: 'initError' | 'exitError',
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    await readBody(request, BODY_LIMIT);
    const id = readIdentifier(request, response);
    if (id === undefined) return;
    // The header is judged before the identifier is looked up.
    if (!header(request, 'lambda-extension-function-error-type')) {
      sendError(
        response,
        403,
        'Extension.MissingHeader',
        'Lambda-Extension-Function-Error-Type not found',
      );
      return;
    }
    const extension = generation.extensionById(id);
    if (!extension) {
      sendError(response, 403, UNKNOWN_IDENTIFIER, 'Unknown Lambda-Extension-Identifier');
      return;
    }
    if (!extension.move(move)) return refuseMove(response, extension, move, extension.id);
    generation.reportedErrorType ??=
      move === 'initError' ? 'Extension.InitError' : 'Extension.ExitError';
    sendJson(response, 202, { status: 'OK' });
    generation.changed();
  }
}

const UNKNOWN_IDENTIFIER = 'Extension.UnknownExtensionIdentifier';

/** Answers with 403 unless the caller names a registered extension. */
export function identify(
  generation: Generation,
  request: IncomingMessage,
  response: ServerResponse,
): Extension | undefined {
  const id = readIdentifier(request, response);
  if (id === undefined) return undefined;
  const extension = generation.extensionById(id);
  if (!extension) sendError(response, 403, UNKNOWN_IDENTIFIER, `Unknown extension ${id}`);
  return extension;
}

/** Answers with 403 unless the caller sends a UUID. */
function readIdentifier(request: IncomingMessage, response: ServerResponse): string | undefined {
  const id = header(request, 'lambda-extension-identifier');
  if (!id) {
    const message = 'Missing Lambda-Extension-Identifier header';
    sendError(response, 403, 'Extension.MissingExtensionIdentifier', message);
    return undefined;
  }
  if (!UUID.test(id)) {
    const message = 'Invalid Lambda-Extension-Identifier';
    sendError(response, 403, 'Extension.InvalidExtensionIdentifier', message);
    return undefined;
  }
  return id;
}

function refuseMove(
  response: ServerResponse,
  extension: Extension,
  move: ExtensionMove,
  named: string,
): void {
  sendError(
    response,
    403,
    'Extension.InvalidExtensionState',
    `State transition from ${extension.state} to ${EXTENSION_TARGETS[move]} failed for extension ${named}. ` +
      'Error: State transition is not allowed',
  );
}

/** As Go reads JSON: names without regard to case, null for nothing; `null` alone is an empty object. */
function parseRegistration(content: Buffer): { events: string[] } | { problem: string } {
  let body: unknown;
  try {
    body = JSON.parse(content.toString());
  } catch (error) {
    return { problem: (error as Error).message };
  }
  if (typeof body !== 'object' || Array.isArray(body)) {
    return { problem: 'the body must be a JSON object' };
  }
  const field = (wanted: string): unknown =>
    Object.entries(body ?? {}).findLast(([name]) => name.toLowerCase() === wanted)?.[1] ?? [];
  const events = field('events');
  if (!Array.isArray(events) || !events.every((event) => typeof event === 'string')) {
    return { problem: 'events must be an array of strings' };
  }
  const configurationKeys = field('configurationkeys');
  if (!Array.isArray(configurationKeys) || configurationKeys.length > 0) {
    return { problem: 'configurationKeys are deprecated; use environment variables instead' };
  }
  return { events };
}

function findInvalidEvent(
  events: readonly string[],
  { config, isExternal }: { config: FunctionConfig; isExternal: boolean },
): string | undefined {
  if (config.isManagedInstances && !isExternal && events.length > 0) {
    return 'No events allowed for internal extensions';
  }
  for (const event of events) {
    if (event !== 'INVOKE' && event !== 'SHUTDOWN') return `${event}: ErrorInvalidEventType`;
    if (config.isManagedInstances) {
      if (event === 'INVOKE') return `${event}: ErrorInvalidEventType`;
    } else if (event === 'SHUTDOWN' && !isExternal) {
      return `${event}: ShutdownEventNotSupportedForInternalExtension`;
    }
  }
  return undefined;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
