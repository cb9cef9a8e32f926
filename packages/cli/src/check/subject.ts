import { readSettings, type Settings } from '@async-http/client/protocol';
import type {
  CloudResource,
  Declarations,
  DeclaredProject,
  FunctionDeclaration,
} from '@async-http/emulator';
import { holdsExtension } from './layer-content.ts';

/** A function that is checked, with what all checks want to know of it and of its project. */
export interface Subject {
  readonly declaration: FunctionDeclaration;
  readonly declarations: Declarations;
  readonly resources: readonly CloudResource[];
  /** The variables whose values are known. */
  readonly variables: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** Is the ready-made proxy. */
  readonly isProxy: boolean;
  /** Runs the jobs that another function delivers. */
  readonly isWorker: boolean;
  /** Its jobs are kept by a queue or a function, or may be. */
  readonly delivers: boolean;
  readonly cwd: string;
}

export const PROXY = '/opt/proxy';

export const isOurVariable = (name: string): boolean =>
  name === 'ASYNC_HANDLER' || name.startsWith('ASYNC_HTTP_');

/** Whether a function uses async-http, as far as the project says. */
export function isOurs({ environment, handler, layers }: FunctionDeclaration): boolean {
  return (
    Object.keys(environment).some(isOurVariable) ||
    handler?.startsWith(PROXY) === true ||
    layers.some(
      ({ reference, path = '' }) =>
        /async-?http/i.test(`${reference} ${path}`) || (path !== '' && holdsExtension(path)),
    )
  );
}

export function toSubject(
  declaration: FunctionDeclaration,
  {
    project,
    declarations,
    cwd,
  }: { project: DeclaredProject; declarations: Declarations; cwd: string },
): Subject {
  const { environment, handler } = declaration;
  const variables = Object.fromEntries(
    Object.entries(environment).flatMap(([name, { value }]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const settings = readSettings(variables);
  const { ASYNC_HTTP_DELIVERY: delivery } = environment;
  const isWorker = handler === `${PROXY}.consumer` || consumesJobs(declaration, declarations);
  return {
    declaration,
    declarations,
    resources: project.resources,
    variables,
    settings,
    isProxy: handler === `${PROXY}.handler`,
    isWorker,
    delivers:
      !isWorker &&
      delivery !== undefined &&
      (delivery.value === undefined || settings.engine !== undefined),
    cwd,
  };
}

/** A function of the project delivers its jobs to a queue of this one. */
function consumesJobs({ queues, environment }: FunctionDeclaration, { functions }: Declarations) {
  if (environment.ASYNC_HANDLER === undefined) return false;
  const engines = functions.map((one) => one.environment.ASYNC_HTTP_DELIVERY?.value);
  return queues.some(({ queueArn }) => engines.includes(queueArn));
}
