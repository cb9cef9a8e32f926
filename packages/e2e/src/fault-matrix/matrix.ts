/** Where a job is when the fault happens. */
export const POINTS = [
  /** In the log, and the bell is not rung. */
  'being handed off',
  'handed off, the handler not loaded yet',
  'handed off, not started',
  'running',
  'between attempts',
  'done, the result on its way',
  'succeeded, its record on its way',
  'failed, its record on its way',
] as const;
export type Point = (typeof POINTS)[number];

/** How a job can end. Nothing else is allowed, and "lost" least of all. */
export type Outcome =
  | 'succeeds'
  /** It may run again after it has done its work: nobody had heard of its success yet. */
  | 'succeeds, maybe twice'
  | 'failure destination'
  /** It was not handed off, and the function failed: the caller knows. */
  | 'caller gets an error'
  /** No destination would take the record: it is one ERROR line. */
  | 'record in the log';

export interface Impossible {
  readonly cannotHappen: string;
}

/** Which one depends on the machine: it is not lost, and somebody knows what became of it. */
const ONE_OF = {
  'succeeds, or is recorded': [
    'succeeds',
    'succeeds, maybe twice',
    'failure destination',
    'record in the log',
  ],
} as const satisfies Record<string, readonly Outcome[]>;

/** What the table says. */
export type Verdict = Outcome | keyof typeof ONE_OF;

export type Expectation = Verdict | Impossible;

/** @returns what the table says about this outcome, where something is expected */
export function verdictOf(outcome: Outcome, expected: Verdict): Verdict {
  const allowed: readonly Outcome[] =
    expected in ONE_OF ? ONE_OF[expected as keyof typeof ONE_OF] : [];
  return allowed.includes(outcome) ? expected : outcome;
}

const cannot = (reason: string): Impossible => ({ cannotHappen: reason });

const ONLY_ITS_OWN_ATTEMPT = cannot('It ends, or keeps, only an attempt of the job itself.');
const NOTHING_SENT_YET = cannot('Nothing is sent to a destination at this point.');
const HELD = cannot('Lambda retires environments that are frozen, and this one is held.');
const TAKEN_OVER = cannot(
  'The launcher only waits for Node.js then, and its end is “SIGKILL of the extension”.',
);

/** What follows when the fault hits nothing that the job needs. */
const UNTOUCHED = {
  'done, the result on its way': 'succeeds',
  'succeeded, its record on its way': 'succeeds',
  'failed, its record on its way': 'failure destination',
} as const;

/** A fault that a job survives wherever it is. */
const SURVIVED = {
  'being handed off': 'succeeds',
  'handed off, the handler not loaded yet': 'succeeds',
  'handed off, not started': 'succeeds',
  running: 'succeeds',
  'between attempts': 'succeeds',
  ...UNTOUCHED,
} as const;

/** A fault that ends no process and no more than one attempt. */
const ONE_ATTEMPT = {
  'being handed off': ONLY_ITS_OWN_ATTEMPT,
  'handed off, the handler not loaded yet': 'succeeds',
  'handed off, not started': ONLY_ITS_OWN_ATTEMPT,
  running: 'succeeds',
  'between attempts': ONLY_ITS_OWN_ATTEMPT,
  'done, the result on its way': ONLY_ITS_OWN_ATTEMPT,
  'succeeded, its record on its way': ONLY_ITS_OWN_ATTEMPT,
  'failed, its record on its way': ONLY_ITS_OWN_ATTEMPT,
} as const;

/** The time of an invocation ends: what is open is recorded as failed. */
const OUT_OF_TIME = {
  'being handed off': 'failure destination',
  'handed off, the handler not loaded yet': 'failure destination',
  'handed off, not started': 'failure destination',
  running: 'failure destination',
  'between attempts': 'failure destination',
  ...UNTOUCHED,
} as const;

/** Lambda starts every process of the environment anew, and nothing was reported before: the log knows the rest. */
const NEW_PROCESSES = {
  ...SURVIVED,
  'being handed off': 'caller gets an error',
  'done, the result on its way': 'succeeds, maybe twice',
} as const;

/** SHUTDOWN while a job is open: its record is sent within the window, or by the next extension. */
const SHUTDOWN = {
  ...OUT_OF_TIME,
  'being handed off': 'caller gets an error',
} as const;

/** The record that could not be sent before the deadline is sent with the next invocation. */
const DEADLINE = {
  ...OUT_OF_TIME,
  // The hold has ended when the bell is rung, so the job starts with the next invocation.
  'being handed off': 'succeeds',
} as const;

/** What is in time depends on the machine then. */
const LITTLE_CPU = {
  'being handed off': 'succeeds, or is recorded',
  'handed off, the handler not loaded yet': 'succeeds, or is recorded',
  'handed off, not started': 'succeeds, or is recorded',
  running: 'succeeds, or is recorded',
  'between attempts': 'succeeds, or is recorded',
  'done, the result on its way': 'succeeds, or is recorded',
  'succeeded, its record on its way': 'succeeds, or is recorded',
  'failed, its record on its way': 'succeeds, or is recorded',
} as const;

const DESTINATION_ONLY = {
  'being handed off': NOTHING_SENT_YET,
  'handed off, the handler not loaded yet': NOTHING_SENT_YET,
  'handed off, not started': NOTHING_SENT_YET,
  running: NOTHING_SENT_YET,
  'between attempts': NOTHING_SENT_YET,
  'done, the result on its way': NOTHING_SENT_YET,
} as const;

/**
 * Every fault at every point. Faults of user code happen in the job itself while it runs, in the handler's module
 * while that loads, and elsewhere in another job of the same process.
 */
export const MATRIX = {
  'the handler throws once': ONE_ATTEMPT,
  'the handler rejects once': ONE_ATTEMPT,
  'an unhandled rejection': SURVIVED,
  'process.exit()': SURVIVED,
  'out of memory': SURVIVED,
  'SIGKILL of the handler process': SURVIVED,
  // The handler process does nothing else until the deadline.
  'an endless loop': OUT_OF_TIME,
  'a job that never settles': {
    ...ONE_ATTEMPT,
    'handed off, the handler not loaded yet': 'failure destination',
    running: 'failure destination',
  },
  'SIGKILL of the launcher': {
    'being handed off': 'caller gets an error',
    // The next extension finds the job in the log.
    'handed off, the handler not loaded yet': 'succeeds',
    'handed off, not started': TAKEN_OVER,
    running: TAKEN_OVER,
    'between attempts': TAKEN_OVER,
    'done, the result on its way': TAKEN_OVER,
    'succeeded, its record on its way': TAKEN_OVER,
    'failed, its record on its way': TAKEN_OVER,
  },
  'SIGKILL of the extension': NEW_PROCESSES,
  // The launcher, which waits for it, ends then.
  'SIGKILL of Node.js in the extension': NEW_PROCESSES,
  'SIGKILL of the runtime, then SHUTDOWN': SHUTDOWN,
  'another extension ends, then SHUTDOWN': SHUTDOWN,
  'the function hangs until its timeout': {
    ...SURVIVED,
    'being handed off': 'caller gets an error',
  },
  'the function fails, and its request comes again': {
    ...SURVIVED,
    'being handed off': cannot('Lambda repeats a request when its run has ended.'),
  },
  'the runtime dies, and its request comes again': SHUTDOWN,
  'the deadline': DEADLINE,
  'the deadline, with 0.072 of a core': LITTLE_CPU,
  'SIGKILL of the runtime, with 0.072 of a core': {
    ...LITTLE_CPU,
    'being handed off': 'caller gets an error',
  },
  'all processes stand still for a while': SURVIVED,
  'SHUTDOWN of a frozen environment': {
    'being handed off': HELD,
    'handed off, the handler not loaded yet': HELD,
    'handed off, not started': HELD,
    running: HELD,
    'between attempts': HELD,
    'done, the result on its way': HELD,
    'succeeded, its record on its way': 'succeeds',
    'failed, its record on its way': 'failure destination',
  },
  'the destination is down for a while': {
    ...DESTINATION_ONLY,
    'succeeded, its record on its way': 'succeeds',
    'failed, its record on its way': 'failure destination',
  },
  'the destination refuses': {
    ...DESTINATION_ONLY,
    'succeeded, its record on its way': 'record in the log',
    'failed, its record on its way': 'record in the log',
  },
  'the destination stays down': {
    ...DESTINATION_ONLY,
    'succeeded, its record on its way': 'record in the log',
    'failed, its record on its way': 'record in the log',
  },
  // Of the table in which its key is claimed already, and its states are to be written.
  'the store is down for a while': SURVIVED,
  'the store throttles for a while': SURVIVED,
  'the store does not answer for a while': SURVIVED,
  '/tmp is full': {
    ...SURVIVED,
    // It is full before that.
    'being handed off': 'caller gets an error',
  },
  '/tmp is emptied': SURVIVED,
} as const satisfies Record<string, Record<Point, Expectation>>;

export type Fault = keyof typeof MATRIX;
export const FAULTS = Object.keys(MATRIX) as Fault[];

/** Played where the machine lets us limit CPU, and on one runtime: they take long. */
export const WITH_LITTLE_CPU: ReadonlySet<Fault> = new Set([
  'the deadline, with 0.072 of a core',
  'SIGKILL of the runtime, with 0.072 of a core',
]);
