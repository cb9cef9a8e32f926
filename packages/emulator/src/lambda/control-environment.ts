import type { Environment } from '../environment/environment.ts';
import type { ManagedEnvironment } from '../environment/managed-environment.ts';
import { ActionImpossibleError } from '../errors.ts';
import type { ShutdownReason } from '../lambda-types.ts';
import { crash, TIMEOUT } from '../parties/fault.ts';
import type { EnvironmentControl } from './environment-control.ts';

/** What differs between environments on demand and on Managed Instances. */
interface Abilities {
  /** Absent where nothing is ever frozen. */
  readonly freeze?: () => Promise<void>;
  readonly thaw?: () => Promise<void>;
  /** @returns false without `trackUnfinished` */
  readonly showPending?: () => Promise<boolean>;
  readonly isFrozen: () => boolean;
  readonly hasProcesses: () => boolean;
  readonly isWorking: () => boolean;
  /** SHUTDOWN of an environment that does not work. */
  readonly retire: (reason: ShutdownReason) => Promise<void>;
}

/** Acts on an environment by hand, where that is possible as it is at the moment. */
export function controlEnvironment(
  environment: Environment | ManagedEnvironment,
  { freeze, thaw, showPending, isFrozen, hasProcesses, isWorking, retire }: Abilities,
): EnvironmentControl {
  const impossible = (reason: string) => new ActionImpossibleError(reason);
  const needProcesses = () => {
    if (!hasProcesses()) {
      throw impossible('the environment has no processes now. Send a request, which starts them.');
    }
  };
  const needWorkers = (count: number) => {
    if (count > 0) return;
    throw impossible(
      'no extension of this environment has started a program that could be stopped. That is there while a job runs.',
    );
  };
  return {
    id: environment.id,
    async freeze() {
      if (!freeze) throw impossible('environments on Managed Instances are never frozen.');
      needProcesses();
      if (isFrozen()) throw impossible('the environment is frozen already.');
      await freeze();
    },
    async thaw() {
      if (!thaw) throw impossible('environments on Managed Instances are never frozen.');
      if (!isFrozen()) throw impossible('the environment is not frozen.');
      await thaw();
    },
    async showPending() {
      if (!showPending) throw impossible('this is not known of Managed Instances.');
      needProcesses();
      if (isFrozen()) throw impossible('the environment is frozen, so its function cannot answer.');
      if (!(await showPending())) {
        throw impossible('the function is not tracked. Start dev with --explain.');
      }
    },
    async kill(process) {
      if (await environment.kill(process)) return;
      const name = process === 'runtime' ? 'the runtime' : `the extension ${process.extension}`;
      throw impossible(`${name} does not run in this environment now.`);
    },
    async shutdown(reason) {
      if (!isWorking()) return retire(reason);
      if (reason === 'spindown') {
        throw impossible(
          'the environment works, and Lambda retires only one that is idle. Wait until it is frozen, or use the reason failure or timeout.',
        );
      }
      needProcesses();
      environment.interrupt(
        reason === 'timeout' ? TIMEOUT : crash('Sandbox.Failure', 'Shut down by hand', 'platform'),
      );
    },
    async killWorkers() {
      needWorkers(await environment.workers.kill());
    },
    async pauseWorkers(ms) {
      needWorkers(await environment.workers.pause(ms, isFrozen));
    },
  };
}
