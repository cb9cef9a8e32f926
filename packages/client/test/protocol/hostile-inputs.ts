import { formatRing, parseRing, type Ring } from '../../src/protocol/bell.ts';
import {
  formatHead,
  type JobFacts,
  MAX_BODY_BYTES,
  parseHead,
  type RecordHead,
} from '../../src/protocol/job-record.ts';

/** How many inputs were read as something, and how many were refused. */
export interface Tally {
  accepted: number;
  refused: number;
}

/** A generator of numbers that is the same for the same seed (mulberry32). */
function seeded(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit: number) => Math.floor(next() * limit),
    chance: (probability: number) => next() < probability,
    pick: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T,
  };
}
type Random = ReturnType<typeof seeded>;

/** What hurts parsers: ends of lines, numbers at their limits, and what JSON makes of them. */
const TOKENS = [
  '\n',
  '\0',
  ' ',
  '  ',
  '"',
  '\\',
  '{}',
  '[]',
  'null',
  '-0',
  '-1',
  '1e999',
  '00',
  '9007199254740993',
  '999999999999999999999',
  'NaN',
  '\u2028',
  '\uFFFE',
  'é',
  '"__proto__":{"a":1}',
  '"kind":"run"',
  '"attempt":"2"',
  '"eventBytes":-1',
  'async-http job 2 . 000\n',
  'A 2 1.0 sees-ends',
  'J 1 0 1 1.0 1 r.1',
  'E r',
];

function randomText(random: Random, length: number): string {
  let text = '';
  for (let at = 0; at < length; at += 1) {
    text += random.chance(0.1) ? random.pick(TOKENS) : String.fromCharCode(random.below(256));
  }
  return text;
}

function randomWord(random: Random): string {
  const length = random.chance(0.05) ? 512 : 1 + random.below(40);
  return Array.from({ length }, () => String.fromCharCode(0x21 + random.below(94))).join('');
}

function randomRing(random: Random): Ring {
  const instance = `${1 + random.below(4_194_304)}.${random.below(20)}`;
  switch (random.below(5)) {
    case 0:
      return { type: 'announce', instance, seesEnds: random.chance(0.5) };
    case 1:
      return {
        type: 'job',
        log: 1 + random.below(1_000),
        offset: random.below(1e15),
        bytes: random.below(MAX_BODY_BYTES),
        instance,
        fd: random.below(1_000),
        jobId: randomWord(random),
      };
    case 2:
      return { type: 'lease', instance, isOpen: random.chance(0.5) };
    case 3:
      return { type: 'end', requestId: randomWord(random) };
    default:
      return { type: 'reload' };
  }
}

function randomFacts(random: Random): JobFacts {
  const kind = random.pick(['job', 'delivery', 'run'] as const);
  return {
    kind,
    jobId: randomWord(random),
    requestId: randomWord(random),
    deadlineMs: random.below(2e12),
    acceptedAt: random.below(2e12),
    ...(random.chance(0.5) && { traceId: randomWord(random) }),
    ...(kind === 'run' && { originRequestId: randomWord(random), attempt: 1 + random.below(9) }),
  };
}

/** Cuts, doubles, overwrites or inserts something, a few times. */
function mutate(random: Random, text: string): string {
  let mutated = text;
  for (let times = random.below(4); times > 0; times -= 1) {
    const at = random.below(mutated.length + 1);
    const to = at + random.below(8);
    const piece = random.chance(0.5)
      ? random.pick(TOKENS)
      : randomText(random, 1 + random.below(3));
    switch (random.below(5)) {
      case 0:
        mutated = mutated.slice(0, at);
        break;
      case 1:
        mutated = mutated.slice(0, at) + piece + mutated.slice(at);
        break;
      case 2:
        mutated = mutated.slice(0, at) + piece + mutated.slice(to);
        break;
      case 3:
        mutated = mutated.slice(0, at) + mutated.slice(to);
        break;
      default:
        mutated = mutated + mutated.slice(at);
    }
  }
  return mutated;
}

function checkRing(line: string): boolean {
  const ring = parseRing(line);
  if (ring === undefined) return false;
  if (formatRing(ring) !== `${line}\n`)
    throw new Error(`does not read back: ${JSON.stringify(line)}`);
  return true;
}

function checkHead(bytes: Buffer): boolean {
  const head = parseHead(bytes);
  if (head === undefined) return false;
  const again = parseHead(Buffer.from(formatHead(head, head.eventBytes, head.contextBytes)));
  // Further fields and another order of them are nobody's harm: what counts is what we read.
  if (again === undefined || JSON.stringify(known(again)) !== JSON.stringify(known(head))) {
    throw new Error(`does not read back: ${JSON.stringify(bytes.toString('latin1'))}`);
  }
  const { eventOffset, eventBytes, contextBytes } = head;
  if (head.bytes !== eventOffset + eventBytes + contextBytes + 1 || eventOffset > bytes.length) {
    throw new Error(`has wrong lengths: ${JSON.stringify(bytes.toString('latin1'))}`);
  }
  return true;
}

function known({
  kind,
  jobId,
  requestId,
  deadlineMs,
  acceptedAt,
  traceId,
  originRequestId,
  attempt,
  eventBytes,
  contextBytes,
}: RecordHead) {
  const facts = [kind, jobId, requestId, deadlineMs, acceptedAt, traceId];
  return [...facts, kind === 'run' && [originRequestId, attempt], eventBytes, contextBytes];
}

/**
 * Has both parsers read `count` inputs: valid ones, valid ones with damage, and noise.
 *
 * @throws when an input is accepted that does not read back as it was understood; a crash is thrown unchanged
 */
export function readHostileInputs(count: number, seed: number): { rings: Tally; heads: Tally } {
  const random = seeded(seed);
  const rings: Tally = { accepted: 0, refused: 0 };
  const heads: Tally = { accepted: 0, refused: 0 };
  for (let input = 0; input < count; input += 1) {
    const isNoise = random.chance(0.2);
    if (random.chance(0.5)) {
      const text = isNoise
        ? random.pick([...'AJLER']) + randomText(random, random.below(60))
        : mutate(random, formatRing(randomRing(random)).slice(0, -1));
      rings[checkRing(text) ? 'accepted' : 'refused'] += 1;
    } else {
      const valid = () =>
        formatHead(
          randomFacts(random),
          1 + random.below(MAX_BODY_BYTES / 2),
          1 + random.below(1e6),
        );
      const text = isNoise
        ? `async-http job 2 ${randomText(random, random.below(200))}`
        : mutate(random, valid());
      const bytes = Buffer.from(text, random.chance(0.5) ? 'utf8' : 'latin1');
      heads[checkHead(bytes) ? 'accepted' : 'refused'] += 1;
    }
  }
  return { rings, heads };
}
