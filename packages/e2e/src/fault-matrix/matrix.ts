/** Where a job is when the fault happens. */
export const POINTS = [
  'before the hand-off is acknowledged',
  'acknowledged, not started',
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
  /** The hand-off was not acknowledged, and the function failed: the caller knows. */
  | 'caller gets an error'
  /** No destination would take the record: it is one ERROR line. */
  | 'record in the log';

export interface Impossible {
  readonly cannotHappen: string;
}

export type Expectation = Outcome | Impossible;

const cannot = (reason: string): Impossible => ({ cannotHappen: reason });

const ONLY_ITS_OWN_ATTEMPT = cannot('It ends, or keeps, nothing but an attempt of its own job.');
const NOTHING_SENT_YET = cannot('Nothing is sent to a destination at this point.');
const HELD = cannot(
  'Lambda retires environments that are frozen, and this one is held. Only a job that was handed off without `await` can wait in a frozen one; it is rescued like the records.',
);

/** What follows when the fault hits nothing that the job needs. */
const UNTOUCHED = {
  'done, the result on its way': 'succeeds',
  'succeeded, its record on its way': 'succeeds',
  'failed, its record on its way': 'failure destination',
} as const;

/** A fault that ends the handler process, which is replaced. */
const PROCESS_REPLACED = {
  'before the hand-off is acknowledged': 'caller gets an error',
  'acknowledged, not started': 'succeeds',
  running: 'succeeds',
  'between attempts': 'succeeds',
  ...UNTOUCHED,
} as const;

/** A fault that ends no process and no more than one attempt. */
const ONE_ATTEMPT = {
  'before the hand-off is acknowledged': 'caller gets an error',
  'acknowledged, not started': ONLY_ITS_OWN_ATTEMPT,
  running: 'succeeds',
  'between attempts': ONLY_ITS_OWN_ATTEMPT,
  'done, the result on its way': ONLY_ITS_OWN_ATTEMPT,
  'succeeded, its record on its way': ONLY_ITS_OWN_ATTEMPT,
  'failed, its record on its way': ONLY_ITS_OWN_ATTEMPT,
} as const;

/** SHUTDOWN while a job is open: its record is sent within the window, or by the next extension. */
const SHUTDOWN = {
  'before the hand-off is acknowledged': 'caller gets an error',
  'acknowledged, not started': 'failure destination',
  running: 'failure destination',
  'between attempts': 'failure destination',
  ...UNTOUCHED,
} as const;

const DESTINATION_ONLY = {
  'before the hand-off is acknowledged': NOTHING_SENT_YET,
  'acknowledged, not started': NOTHING_SENT_YET,
  running: NOTHING_SENT_YET,
  'between attempts': NOTHING_SENT_YET,
  'done, the result on its way': NOTHING_SENT_YET,
} as const;

/**
 * Every fault at every point. Faults of user code happen in the job itself while it runs, in the
 * handler's module before the acknowledgement, and elsewhere in another job of the same process.
 */
export const MATRIX = {
  'the handler throws once': ONE_ATTEMPT,
  'the handler rejects once': ONE_ATTEMPT,
  'an unhandled rejection': PROCESS_REPLACED,
  'process.exit()': PROCESS_REPLACED,
  'out of memory': PROCESS_REPLACED,
  'SIGKILL of the handler process': PROCESS_REPLACED,
  'an endless loop': {
    ...PROCESS_REPLACED,
    // Another job's loop keeps it from starting, until the deadline.
    'acknowledged, not started': 'failure destination',
    running: 'failure destination',
    'between attempts': 'failure destination',
  },
  'a job that never settles': { ...ONE_ATTEMPT, running: 'failure destination' },
  // All processes are new then, without a word before: the journal knows the rest.
  'SIGKILL of the extension': {
    'before the hand-off is acknowledged': 'caller gets an error',
    'acknowledged, not started': 'succeeds',
    running: 'succeeds',
    'between attempts': 'succeeds',
    'done, the result on its way': 'succeeds, maybe twice',
    'succeeded, its record on its way': 'succeeds',
    'failed, its record on its way': 'failure destination',
  },
  'SIGKILL of the runtime, then SHUTDOWN': SHUTDOWN,
  'another extension ends, then SHUTDOWN': SHUTDOWN,
  'the function hangs until its timeout': {
    'before the hand-off is acknowledged': cannot(
      'The function waits for the acknowledgement; see “the deadline”.',
    ),
    'acknowledged, not started': 'succeeds',
    running: 'succeeds',
    'between attempts': 'succeeds',
    ...UNTOUCHED,
  },
  'the deadline': {
    'before the hand-off is acknowledged': 'caller gets an error',
    'acknowledged, not started': 'failure destination',
    running: 'failure destination',
    'between attempts': 'failure destination',
    // The extension itself stands still until the deadline is over.
    'done, the result on its way': 'succeeds',
    // Sent with the next invocation.
    'succeeded, its record on its way': 'succeeds',
    'failed, its record on its way': 'failure destination',
  },
  'SHUTDOWN of a frozen environment': {
    'before the hand-off is acknowledged': HELD,
    'acknowledged, not started': HELD,
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
  '/tmp is full': {
    'before the hand-off is acknowledged': 'caller gets an error',
    'acknowledged, not started': 'succeeds',
    running: 'succeeds',
    'between attempts': 'succeeds',
    ...UNTOUCHED,
  },
} as const satisfies Record<string, Record<Point, Expectation>>;

export type Fault = keyof typeof MATRIX;
export const FAULTS = Object.keys(MATRIX) as Fault[];
