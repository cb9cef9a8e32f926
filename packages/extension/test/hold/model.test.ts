import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Hold } from '../../src/hold/hold.ts';
import {
  type Ends,
  EnvironmentModel,
  FUNCTION,
  OTHER_PROCESS,
} from '../support/environment-model.ts';

/** The extension, as far as its hold goes. */
class Extension {
  readonly hold = new Hold({ maxMarginMs: 1_000 });
  readonly #closers = new Map<number, () => void>();

  constructor() {
    this.hold.asks(0);
  }

  open(job: number): void {
    this.#closers.set(job, this.hold.open());
  }

  settle(job: number): void {
    this.#closers.get(job)?.();
  }
}

type Step = (model: EnvironmentModel, extension: Extension) => void;

/** A thing that happens, where it can. Afterwards the hold has ended if it had to, and only then. */
class Happening implements fc.Command<EnvironmentModel, Extension> {
  readonly #name: string;
  readonly #can: (model: EnvironmentModel) => boolean;
  readonly #step: Step;

  constructor(name: string, can: (model: EnvironmentModel) => boolean, step: Step) {
    this.#name = name;
    this.#can = can;
    this.#step = step;
  }

  check(model: Readonly<EnvironmentModel>): boolean {
    return this.#can(model as EnvironmentModel);
  }

  run(model: EnvironmentModel, extension: Extension): void {
    model.nowMs += 1;
    const wasHeld = model.held;
    this.#step(model, extension);
    model.releaseIfDone();
    if (model.isFunctionDead) {
      // The extension looks every 100 ms.
      model.letGo();
      extension.hold.functionDied();
    }
    expect(extension.hold.current?.requestId).toBe(model.held?.requestId);
    // It asks for the next event at once.
    if (wasHeld && !model.held) extension.hold.asks(model.nowMs);
  }

  toString(): string {
    return this.#name;
  }
}

const NOT_DEAD = (model: EnvironmentModel) => !model.isFunctionDead;

const happenings: Record<string, Happening> = {};
function define(name: string, can: (model: EnvironmentModel) => boolean, step: Step): void {
  happenings[name] = new Happening(name, can, step);
}

define(
  'a request comes',
  (model) => model.canDispatch,
  (model) => void model.dispatch(false),
);
define(
  'a request is repeated',
  (model) => model.canRepeat,
  (model) => void model.dispatch(true),
);
define(
  'INVOKE',
  (model) => model.dispatched !== undefined,
  (model, { hold }) => {
    hold.begin({ requestId: model.invoke().requestId, deadlineMs: Date.now() + 60_000 });
  },
);
define('a job is handed off', NOT_DEAD, (model) => model.handOff());
for (const instance of [FUNCTION, OTHER_PROCESS]) {
  define(
    `${instance}: lease`,
    (model) => NOT_DEAD(model) && !model.hasLease(instance),
    (model) => model.lease(instance, true),
  );
  define(
    `${instance}: end of the lease`,
    (model) => model.hasLease(instance),
    (model) => model.lease(instance, false),
  );
}
define(
  'the function ends',
  (model) => model.running !== undefined,
  (model) => model.end(),
);
define(
  'the bell is heard',
  (model) => model.bell.length > 0,
  (model, extension) => {
    const rung = model.hear();
    if (rung.type === 'job') extension.open(rung.job);
    else if (rung.type === 'lease') extension.hold.lease(rung.instance, rung.isOpen);
    else extension.hold.end(rung.run.requestId);
  },
);
define(
  'an end is reported',
  (model) => model.canReport,
  (model, { hold }) => {
    const { run, atMs } = model.report();
    hold.endReported(run.requestId, atMs);
  },
);
define(
  'a job is settled',
  (model) => model.jobs.size > 0,
  (model, extension) => {
    const [job = 0] = model.jobs;
    model.jobs.delete(job);
    extension.settle(job);
  },
);
define(
  'the time for jobs is over',
  (model) => model.held !== undefined,
  (model, { hold }) => {
    model.timeIsUp();
    hold.timeIsUp();
  },
);
define(
  'the time of the hold is over',
  (model) => model.held !== undefined,
  (model, { hold }) => {
    model.letGo();
    hold.release();
  },
);
define('the other process dies', NOT_DEAD, (model, { hold }) => {
  model.instanceDies(OTHER_PROCESS);
  hold.lease(OTHER_PROCESS, false);
});
define('the function dies', NOT_DEAD, (model, { hold }) => {
  model.functionDies();
  hold.functionDied();
});

const ENDS: Ends[] = ['rung', 'reported', 'rung and reported'];
const commands = Object.entries(happenings).map(([name, happening]) => ({
  // What ends everything is rare.
  weight: name === 'the function dies' ? 1 : 8,
  arbitrary: fc.constant(happening),
}));

it.each(ENDS)(
  'the environment is never released early, and never held for ever, in whatever order things happen (ends are %s)',
  (ends) => {
    const some = fc.commands(
      commands.flatMap(({ weight, arbitrary }) => Array.from({ length: weight }, () => arbitrary)),
      { maxCommands: 100, size: 'max' },
    );
    fc.assert(
      fc.property(some, (happened) => {
        const model = new EnvironmentModel(ends);
        const extension = new Extension();
        fc.modelRun(() => ({ model, real: extension }), happened);
        comeToAnEnd(model, extension);
        expect(extension.hold.current).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  },
);

/** Everything that is under way arrives. */
function comeToAnEnd(model: EnvironmentModel, extension: Extension): void {
  const steps = [
    'INVOKE',
    'function: end of the lease',
    'other process: end of the lease',
    'the function ends',
    'the bell is heard',
    'an end is reported',
    'a job is settled',
  ];
  for (let isMore = true; isMore; ) {
    const next = steps.map((name) => happenings[name]).find((step) => step?.check(model));
    isMore = next !== undefined;
    next?.run(model, extension);
  }
}
