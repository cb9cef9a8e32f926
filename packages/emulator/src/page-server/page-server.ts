import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson } from '../api/api-server.ts';
import { PortUnavailableError } from '../http/errors.ts';
import { readBody } from '../http/request-body.ts';
import { parseJson } from '../parse-json.ts';
import { MAX_EVENT_BYTES } from '../payload-limits.ts';
import type { RecordedFunction } from '../recording/recording.ts';
import { livePage, recordingPage } from '../recording/recording-page.ts';
import { redact } from '../recording/redact.ts';
import { type ActionDependencies, perform } from './actions.ts';
import { ActionInvalidError, ForbiddenError } from './errors.ts';
import { streamEvents } from './event-stream.ts';
import { checkOrigin } from './request-guard.ts';

/** What the page says about the run. */
export interface About {
  readonly url?: string;
  readonly functions: readonly RecordedFunction[];
}

export interface PageServerOptions extends ActionDependencies {
  /** 0 for any free one. */
  readonly port: number;
  readonly about: () => About;
  /** Values that no download contains. */
  readonly secrets: () => readonly string[];
}

export interface PageServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends all connections, open streams too. */
  close(): Promise<void>;
}

/** An event, and what an action says beside it. */
const MAX_BODY_BYTES = MAX_EVENT_BYTES + 64 * 1024;

/** Whatever a function writes: the page loads nothing from elsewhere, and sends nothing there. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** For all answers: nobody else embeds, guesses or keeps them. */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Serves the page of a run on loopback, and to that page only. Costs nothing while nobody looks.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE`.
 */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const page = new PageRequests(options);
  const server = createServer((request, response) => void page.handle(request, response));
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  const host = '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new PortUnavailableError({ host, port, cause, option: '--timeline-port' })),
    );
    server.listen(port, host, resolve);
  });
}

class PageRequests {
  readonly #options: PageServerOptions;
  readonly #token = randomBytes(24).toString('base64url');

  constructor(options: PageServerOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The browser goes away when it wants to.
    request.on('error', () => {});
    response.on('error', () => {});
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    try {
      checkOrigin(request);
      await this.#answer(request, response);
    } catch (error) {
      request.resume();
      sendError(response, error as Error);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
    const [, requestId] = /^\/payloads\/([^/]+)$/.exec(pathname) ?? [];
    const { recorder, about } = this.#options;
    switch (`${request.method} ${requestId === undefined ? pathname : '/payloads'}`) {
      case 'GET /':
        response.writeHead(200, PAGE_HEADERS).end(await livePage({ token: this.#token }));
        break;
      case 'GET /events': {
        const after = request.headers['last-event-id'] ?? searchParams.get('after') ?? '-1';
        const { startedAt, forgotten } = recorder;
        const hello = { startedAt, ...about(), forgotten };
        streamEvents(response, recorder, { after: toSeq(String(after)), hello });
        break;
      }
      case 'GET /payloads': {
        // Payloads of old requests are dropped, and a browser logs an error for each status 404.
        sendJson(response, 200, recorder.payloadsOf(requestId ?? '') ?? {});
        break;
      }
      case 'GET /recording.json': {
        const { payloads: _, ...recording } = this.#redacted();
        sendJson(response, 200, recording);
        break;
      }
      case 'GET /recording.html':
        response
          .writeHead(200, {
            ...PAGE_HEADERS,
            'content-disposition': 'attachment; filename="recording.html"',
          })
          .end(await recordingPage(this.#redacted()));
        break;
      case 'POST /actions':
        await this.#act(request);
        sendJson(response, 200, {});
        break;
      default:
        request.resume();
        response.writeHead(404).end();
    }
  }

  async #act(request: IncomingMessage): Promise<void> {
    if (!this.#isToken(request.headers['x-token'])) {
      throw new ForbiddenError('The token of the page is missing or wrong');
    }
    const body = await readBody(request, MAX_BODY_BYTES);
    if (!body) throw new ActionInvalidError('an event may have 6 MB, as on Lambda');
    await perform(parseJson(body), this.#options);
  }

  #isToken(given: string | string[] | undefined): boolean {
    const [bytes, expected] = [Buffer.from(String(given)), Buffer.from(this.#token)];
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  }

  #redacted() {
    const { recorder, about, secrets } = this.#options;
    return redact(recorder.recording(about()), secrets());
  }
}

function sendError(response: ServerResponse, error: Error & { code?: string }): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code = 'ASYNC_HTTP_EMULATOR_UNEXPECTED', message } = error;
  sendJson(response, statusOf(error), { code, message });
}

/** The page shows why an action was refused. With an error status, the browser would also log an error. */
function statusOf(error: Error & { code?: string }): number {
  if (error instanceof ForbiddenError) return 403;
  if (error instanceof ActionInvalidError) return 400;
  return error.code === undefined ? 500 : 200;
}

/** What is no number is before the first one. */
function toSeq(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : -1;
}
