import type { Destination } from '../telemetry/deliver.ts';
import type { Buffering, SubscriptionSettings } from '../telemetry/subscription.ts';
import type { TelemetryType } from '../telemetry/telemetry.ts';

const SCHEMAS = ['2022-07-01', '2022-12-13', '2025-01-29'];
const MANAGED_INSTANCES_SCHEMAS = ['2025-01-29'];
const TYPES: readonly string[] = ['platform', 'function', 'extension'] satisfies TelemetryType[];
/** Taken by the platform itself. */
const RESERVED_PORT = 9001;

/** Limits and defaults (Telemetry API, "Setting memory usage and buffering"). */
const BUFFERING = {
  maxItems: { min: 1_000, max: 10_000, default: 10_000 },
  maxBytes: { min: 262_144, max: 1_048_576, default: 262_144 },
  timeoutMs: { min: 25, max: 30_000, default: 1_000 },
} as const;

/** Checks the body of a subscription; the problems go into one message, as the API words them. */
export function parseSubscription(
  content: Buffer,
  isManagedInstances: boolean,
): SubscriptionSettings | { problems: string[] } {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(content.toString()) ?? {};
  } catch (error) {
    return { problems: [(error as Error).message] };
  }
  const problems: string[] = [];
  const schemas = isManagedInstances ? MANAGED_INSTANCES_SCHEMAS : SCHEMAS;
  if (!schemas.includes(String(body.schemaVersion))) {
    problems.push(`schemaVersion should be one of ${schemas.join(', ')}`);
  }
  const destination = parseDestination(body.destination, problems);
  const types = parseTypes(body.types, problems);
  const buffering = parseBuffering(body.buffering, problems);
  if (problems.length > 0 || !destination) return { problems };
  return { types, buffering, destination };
}

function parseTypes(value: unknown, problems: string[]): TelemetryType[] {
  const types = Array.isArray(value) ? value : [];
  if (types.length === 0) problems.push('types should not be empty');
  for (const type of types) {
    if (!TYPES.includes(type)) problems.push(`types should be one of ${TYPES.join(', ')}`);
  }
  return types;
}

function parseBuffering(value: unknown, problems: string[]): Buffering {
  if (value === null || Array.isArray(value)) problems.push('buffering should be an object');
  const given = (value ?? {}) as Partial<Record<keyof Buffering, unknown>>;
  const read = (name: keyof Buffering): number => {
    const { min, max, default: fallback } = BUFFERING[name];
    const number = given[name] ?? fallback;
    if (!Number.isInteger(number) || Number(number) < min || Number(number) > max) {
      problems.push(`buffering.${name} should be between ${min} and ${max}`);
    }
    return Number(number);
  };
  return { maxItems: read('maxItems'), maxBytes: read('maxBytes'), timeoutMs: read('timeoutMs') };
}

function parseDestination(value: unknown, problems: string[]): Destination | undefined {
  const { protocol, URI, port } = (value ?? {}) as Record<string, unknown>;
  if (protocol === 'TCP') {
    if (Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535) {
      return { protocol, port: Number(port) };
    }
    problems.push(
      port === undefined
        ? 'destination.port is not provided'
        : 'destination.port should be between 1 and 65535',
    );
    return undefined;
  }
  if (protocol !== 'HTTP') {
    problems.push('destination.protocol should be one of HTTP, TCP');
    return undefined;
  }
  const url = URL.parse(String(URI ?? ''));
  if (url?.protocol !== 'http:') {
    problems.push('URI is not a valid HTTP address');
    return undefined;
  }
  if (!['sandbox.localdomain', 'sandbox'].includes(url.hostname)) {
    problems.push('URI host should be sandbox.localdomain');
  }
  // Port 80 is the default of the scheme and so cannot be told from none.
  if (url.port === '') problems.push('URI port is not provided');
  if (Number(url.port) === RESERVED_PORT) problems.push(`URI port ${RESERVED_PORT} is reserved`);
  return { protocol, port: Number(url.port), path: `${url.pathname}${url.search}` };
}
