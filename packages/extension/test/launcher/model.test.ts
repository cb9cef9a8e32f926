import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  EnvironmentModel,
  FUNCTION,
  OTHER_PROCESS,
  type Rung,
} from '../support/environment-model.ts';
import {
  end,
  type LauncherOptions,
  SHELLS,
  startIdleProcess,
  startLauncher,
} from '../support/launcher.ts';

/** A step takes far less, also on a busy machine. */
const PATIENCE_MS = 20_000;

/** The launcher, and the processes that ring. */
async function startEnvironment(options: LauncherOptions) {
  const launcher = await startLauncher(options);
  const processes = new Map([
    [FUNCTION, await startIdleProcess()],
    [OTHER_PROCESS, await startIdleProcess()],
  ]);
  await launcher.announced(processes.get(FUNCTION)?.pid);
  return { launcher, processes };
}

type Environment = Awaited<ReturnType<typeof startEnvironment>>;

/** The launcher's part ends with the first job, or with the function. */
class LauncherModel extends EnvironmentModel {
  isOver = false;

  constructor() {
    super('rung');
  }

  /** It hears the bell while it holds, line by line, and nothing behind the line that ends the hold. */
  hearAll(): void {
    this.releaseIfDone();
    while (this.held && this.bell.length > 0) {
      this.hear();
      this.releaseIfDone();
    }
  }
}

/** A thing that happens, where it can. Afterwards the launcher asks for the next event if it had to, and only then. */
class Happening implements fc.AsyncCommand<LauncherModel, Environment> {
  readonly #name: string;
  readonly #can: (model: LauncherModel) => boolean;
  readonly #step: (model: LauncherModel, environment: Environment) => void | Promise<void>;

  constructor(
    name: string,
    can: (model: LauncherModel) => boolean,
    step: (model: LauncherModel, environment: Environment) => void | Promise<void>,
  ) {
    this.#name = name;
    this.#can = can;
    this.#step = step;
  }

  check(model: Readonly<LauncherModel>): boolean {
    return !model.isOver && this.#can(model as LauncherModel);
  }

  async run(model: LauncherModel, environment: Environment): Promise<void> {
    const isLate = new AbortController();
    const tooLate = setTimeout(PATIENCE_MS, undefined, isLate).then(() => {
      throw new Error(`nothing comes of "${this.#name}"`);
    });
    tooLate.catch(() => {});
    await Promise.race([this.#run(model, environment), tooLate]);
    isLate.abort();
  }

  async #run(model: LauncherModel, environment: Environment): Promise<void> {
    const { launcher } = environment;
    const before = model.bell.length;
    await this.#step(model, environment);
    if (model.isOver) return;
    const rung = model.bell.slice(before).map((line) => lineOf(line, environment));
    if (rung.length > 0) launcher.ring(...rung);
    model.hearAll();
    if (model.jobs.size > 0) await seeTakeOver(model, environment);
    else if (model.held) {
      await launcher.heard();
      expect(launcher.api.isAsked).toBe(false);
    } else if (!model.dispatched) await launcher.api.asked();
  }

  toString(): string {
    return this.#name;
  }
}

function lineOf(rung: Rung, { processes }: Environment): string {
  switch (rung.type) {
    case 'lease':
      return `L ${processes.get(rung.instance)?.pid}.0 ${rung.isOpen ? 1 : 0}`;
    case 'end':
      return `E ${rung.run.requestId}`;
    case 'job':
      return `J 1 0 400 1.0 17 r1.${rung.job}`;
    default:
      return rung satisfies never;
  }
}

/** Node.js is given everything that was heard and still matters, or hears it from the bell. */
async function seeTakeOver(model: LauncherModel, environment: Environment): Promise<void> {
  const { launcher, processes } = environment;
  model.isOver = true;
  const { lines } = await launcher.tookOver();
  // What it had not heard, Node.js hears.
  const heard = () => stateAfter([...lines, ...launcher.readByNode()], environment);
  const leases = [...model.leases].map((instance) => `${processes.get(instance)?.pid}.0`);
  const jobs = [...model.jobs].map((job) => lineOf({ type: 'job', job }, environment));
  await expect.poll(heard, { timeout: PATIENCE_MS }).toEqual({ jobs, leases: leases.sort() });
}

function stateAfter(lines: readonly string[], { processes }: Environment) {
  // Those of a process that has died end when Node.js looks.
  const living = new Set([...processes.values()].map(({ pid }) => `${pid}.0`));
  const leases = new Set<string>();
  for (const [, instance = '', isOpen] of lines.map((line) => /^L (\S+) (.)$/.exec(line) ?? [])) {
    if (isOpen === '1') leases.add(instance);
    else leases.delete(instance);
  }
  return {
    jobs: lines.filter((line) => line.startsWith('J')),
    leases: [...leases].filter((instance) => living.has(instance)).sort(),
  };
}

const happenings: Record<string, Happening> = {};

function define(...[name, can, step]: ConstructorParameters<typeof Happening>): void {
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
  async (model, { launcher }) => {
    await launcher.api.asked();
    launcher.api.invoke(model.invoke().requestId);
  },
);
define(
  'INVOKE of a request that is not done in time',
  (model) => model.dispatched?.hasEnded === false && model.bell.every(({ type }) => type !== 'job'),
  async (model, { launcher }) => {
    await launcher.api.asked();
    launcher.api.invoke(model.invoke().requestId, Date.now() + 250);
    await launcher.api.asked();
    model.hearAll();
    model.letGo();
  },
);
for (const instance of [FUNCTION, OTHER_PROCESS]) {
  const canRing = (model: LauncherModel) => !model.isFunctionDead;
  define(
    `${instance}: lease`,
    (model) => canRing(model) && !model.hasLease(instance),
    (model, { processes }) => {
      if (processes.has(instance)) model.lease(instance, true);
    },
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
  'a job is handed off',
  () => true,
  (model) => model.handOff(),
);
define(
  'the other process dies',
  // It takes the launcher a moment to see that, so nothing of it may be unheard.
  (model) => model.bell.every((rung) => rung.type !== 'lease' || rung.instance !== OTHER_PROCESS),
  async (model, { processes }) => {
    const other = processes.get(OTHER_PROCESS);
    if (!other) return;
    await end(other);
    processes.delete(OTHER_PROCESS);
    model.instanceDies(OTHER_PROCESS);
  },
);
define(
  'the function dies',
  (model) => model.held !== undefined,
  async (model, { launcher, processes }) => {
    const main = processes.get(FUNCTION);
    if (main) await end(main);
    model.functionDies();
    model.isOver = true;
    await launcher.api.asked();
    launcher.api.shutdown('failure');
    expect(await launcher.exited).toBe(0);
  },
);

const RARE = ['a job is handed off', 'the function dies', 'the other process dies'];
const commands = Object.entries(happenings).flatMap(([name, happening]) =>
  Array.from({ length: RARE.includes(name) ? 1 : 4 }, () => fc.constant(happening)),
);

/** Everything that is under way arrives. */
const LAST_STEPS = [
  'INVOKE',
  'function: end of the lease',
  'other process: end of the lease',
  'the function ends',
];

const READ_AS_BASH = SHELLS.filter(({ options }) => options.shell === undefined);

it.each(READ_AS_BASH)(
  'in $name too, the environment is never released early and never held for ever',
  async ({ options }) => {
    const some = fc.commands(commands, { maxCommands: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(some, async (happened) => {
        const environment = await startEnvironment(options);
        const model = new LauncherModel();
        await fc.asyncModelRun(() => ({ model, real: environment }), happened);
        for (let isMore = true; isMore; ) {
          const next = LAST_STEPS.map((name) => happenings[name]).find((step) =>
            step?.check(model),
          );
          isMore = next !== undefined;
          await next?.run(model, environment);
        }
        if (!model.isOver) {
          await environment.launcher.api.asked();
          expect(model.held).toBeUndefined();
        }
        expect(environment.launcher.stderr).toBe('');
        environment.launcher.child.kill('SIGKILL');
        for (const child of environment.processes.values()) await end(child);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  },
  120_000,
);
