import type { Payload, RecordedEntry, Recording } from './recording.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const REDACTED = '[redacted]';

/** Names of variables, headers, fields and parameters whose values are nobody's business. */
const NAME =
  '[\\w-]*(?:secret|passw(?:or)?d|passphrase|token|api[-_]?key|private[-_]?key|access[-_]?key|credential|signature|session[-_]?id)[\\w-]*|(?:proxy-)?authorization|(?:set-)?cookies?|auth';
const SECRET_NAME = new RegExp(`^(?:${NAME}|[\\w-]*_(?:auth|dsn|pwd))$`, 'i');

/** Replacing a shorter value would make holes in words and numbers. */
const MIN_SECRET_LENGTH = 6;

/** A text without any of these has nothing to hide but known values. */
const SUSPICIOUS =
  /secret|passw|passphrase|token|[-_]?key|auth|cookie|credential|signature|session|bearer|basic |:\/\/[^/\s]*@/i;

/** `"password":"…"` and `"cookies":["…"]`, in JSON. */
const FIELD = new RegExp(
  `("(?:${NAME})"\\s*:\\s*)(?:\\[(?:[^\\]"]|"(?:[^"\\\\]|\\\\.)*"?)*\\]?|"(?:[^"\\\\]|\\\\.)*"?)`,
  'gis',
);
/** The same in JSON that is a string of other JSON: its quotes have backslashes. */
const NESTED_FIELD = new RegExp(`((\\\\+)"(?:${NAME})\\2"\\s*:\\s*\\2")(?:(?!\\2").)*`, 'gis');
/** `?token=…` and `password=…`. */
const PARAMETER = new RegExp(`((?:^|[?&\\s"'\`;,])(?:${NAME})=)[^&\\s"'\\\\#;,]+`, 'gi');
/** A header as programs print it: `authorization: …`. */
const HEADER = /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(['"]?: *['"]?)[^'"\r\n]+/gi;
const SCHEME = /\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi;
const URL_PASSWORD = /(:\/\/[^\s/:@"']*:)[^\s/@"']+@/g;

/** Fields that never hold what a user wrote. */
const PLAIN_FIELDS = new Set(['type', 'environmentId', 'requestId', 'functionName', 'jobId']);

/** Secrets by what they are called: the values of these variables. */
export function secretsIn(variables: Variables): string[] {
  return Object.entries(variables).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && value.length >= MIN_SECRET_LENGTH && !/^(arn:|\d+$)/.test(value)
      ? [value]
      : [],
  );
}

/**
 * A copy without secrets, as far as they can be told: the given values, wherever they are, and what stands in headers,
 * cookies, fields, query parameters and URLs where names and forms say that it is secret.
 */
export function redact(recording: Recording, secrets: readonly string[]): Recording {
  const clean = createCleaner(secrets);
  const { payloads, ...rest } = recording;
  return {
    ...rest,
    entries: redactEntries(rest.entries, secrets),
    ...(payloads && {
      payloads: Object.fromEntries(
        Object.entries(payloads).map(([requestId, { event, response }]) => [
          requestId,
          {
            ...(event && { event: cleanPayload(event, clean) }),
            ...(response && { response: cleanPayload(response, clean) }),
          },
        ]),
      ),
    }),
  };
}

/** The same for entries alone. */
export function redactEntries(
  entries: readonly RecordedEntry[],
  secrets: readonly string[],
): RecordedEntry[] {
  const clean = createCleaner(secrets);
  return entries.map((entry) => ({ ...entry, event: cleanAll(entry.event, clean) }));
}

type Clean = (text: string) => string;

function createCleaner(secrets: readonly string[]): Clean {
  // In JSON, a value has backslashes before its quotes. The longest first: one may be a part of another.
  const values = [
    ...new Set(secrets.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])),
  ].sort((one, other) => other.length - one.length);
  return (text) => {
    const known = values.reduce((left, value) => left.replaceAll(value, REDACTED), text);
    if (!SUSPICIOUS.test(known)) return known;
    return known
      .replace(NESTED_FIELD, `$1${REDACTED}`)
      .replace(FIELD, `$1"${REDACTED}"`)
      .replace(HEADER, `$1$2${REDACTED}`)
      .replace(PARAMETER, `$1${REDACTED}`)
      .replace(SCHEME, `$1 ${REDACTED}`)
      .replace(URL_PASSWORD, `$1${REDACTED}@`);
  };
}

const cleanPayload = (payload: Payload, clean: Clean): Payload => ({
  ...payload,
  text: clean(payload.text),
});

function cleanAll<T>(value: T, clean: Clean): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((item) => cleanAll(item, clean)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      PLAIN_FIELDS.has(key) ? item : cleanAll(item, clean),
    ]),
  ) as T;
}
