import type { Row } from './view.ts';

/** Fields of the events of API Gateway (both payload formats) and function URLs. */
interface HttpEvent {
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
}

/** Headers that curl sets itself, and those that a proxy adds. */
const OWN_HEADERS = /^(content-length|connection|host|x-forwarded-.*|x-amzn-.*|via|forwarded)$/i;

/**
 * The request as a command for a POSIX shell: over HTTP as it came, else an invocation by Lambda's Invoke API.
 *
 * @param event What the function received, as JSON; without it, the command has neither headers nor a body.
 */
export function curlCommand(
  url: string,
  { exchange, run }: Row,
  event: string | undefined,
): string {
  if (!exchange) {
    const target = `/2015-03-31/functions/${encodeURIComponent(run?.functionName ?? '')}/invocations`;
    return command([quoted(url + target), '--data-binary', quoted(event ?? '{}')]);
  }
  const { headers, body, isBase64Encoded } = httpEvent(event);
  const parts = ['--request', exchange.method, quoted(url + exchange.target)];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!OWN_HEADERS.test(name)) parts.push('--header', quoted(`${name}: ${value}`));
  }
  if (typeof body !== 'string' || body === '') return command(parts);
  if (!isBase64Encoded) return command([...parts, '--data-binary', quoted(body)]);
  return `printf %s ${quoted(body)} | base64 -d | ${command([...parts, '--data-binary', '@-'])}`;
}

const command = (parts: readonly string[]): string => ['curl', '--globoff', ...parts].join(' ');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function httpEvent(event: string | undefined): HttpEvent {
  try {
    return (JSON.parse(event ?? '{}') as HttpEvent | null) ?? {};
  } catch {
    // Cut off, or not JSON.
    return {};
  }
}
