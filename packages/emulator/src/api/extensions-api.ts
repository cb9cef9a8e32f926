import type { IncomingMessage, ServerResponse } from 'node:http';
import { Extension, type ExtensionEventName } from '../environment/extension.ts';
import { EXTENSION_TARGETS, type ExtensionMove } from '../environment/extension-states.ts';
import type { Generation } from '../environment/generation.ts';
import { MAX_EXTENSIONS } from '../environment/lifecycle-limits.ts';
import type { FunctionConfig } from '../function-config.ts';
import { type ApiCall, sendError, sendJson } from './api-server.ts';
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

  readonly handle = ({ method, path, request, response }: ApiCall): boolean => {
    if (!path.startsWith(`${PREFIX}/`)) return false;
    const generation = this.#dependencies.generation();
    switch (generation && `${method} ${path.slice(PREFIX.length)}`) {
      case 'POST /register':
        void this.#register(generation as Generation, request, response);
        return true;
      case 'GET /event/next':
        this.#next(generation as Generation, request, response);
        return true;
      case 'POST /init/error':
        void this.#reportError(generation as Generation, 'initError', request, response);
        return true;
      case 'POST /exit/error':
        void this.#reportError(generation as Generation, 'exitError', request, response);
        return true;
      default:
        return false;
    }
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
        event.eventType === 'INVOKE' ? { 'Lambda-Extension-Event-Identifier': extension.id } : {};
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
    const extension = identify(generation, request, response);
    if (!extension) return;
    if (!header(request, 'lambda-extension-function-error-type')) {
      sendError(
        response,
        403,
        'Extension.MissingHeader',
        'Lambda-Extension-Function-Error-Type not found',
      );
      return;
    }
    if (!extension.move(move)) return refuseMove(response, extension, move, extension.id);
    generation.reportedErrorType ??=
      move === 'initError' ? 'Extension.InitError' : 'Extension.ExitError';
    sendJson(response, 202, { status: 'OK' });
    generation.changed();
  }
}

/** Answers with 403 unless the caller names a registered extension. */
export function identify(
  generation: Generation,
  request: IncomingMessage,
  response: ServerResponse,
): Extension | undefined {
  const id = header(request, 'lambda-extension-identifier');
  const refuse = (type: string, message: string) => {
    sendError(response, 403, type, message);
    return undefined;
  };
  if (!id) {
    return refuse(
      'Extension.MissingExtensionIdentifier',
      'Missing Lambda-Extension-Identifier header',
    );
  }
  if (!UUID.test(id)) {
    return refuse(
      'Extension.InvalidExtensionIdentifier',
      'Invalid Lambda-Extension-Identifier header',
    );
  }
  return (
    generation.extensionById(id) ??
    refuse('Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`)
  );
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

function parseRegistration(content: Buffer): { events: string[] } | { problem: string } {
  try {
    const { events = [], configurationKeys = [] } = JSON.parse(content.toString() || '{}') ?? {};
    if (!Array.isArray(events) || !events.every((event) => typeof event === 'string')) {
      return { problem: 'events must be an array of strings' };
    }
    if (!Array.isArray(configurationKeys) || configurationKeys.length > 0) {
      return { problem: 'configurationKeys are deprecated; not supported' };
    }
    return { events: events as string[] };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function findInvalidEvent(
  events: readonly string[],
  { config, isExternal }: { config: FunctionConfig; isExternal: boolean },
): string | undefined {
  for (const event of events) {
    if (event !== 'INVOKE' && event !== 'SHUTDOWN') return `${event}: ErrorInvalidEventType`;
    if (config.isManagedInstances) {
      if (!isExternal) return `${event}: No events allowed for internal extensions`;
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
