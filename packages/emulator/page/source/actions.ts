import type { Environment } from '../state/view.ts';

type Target = Pick<Environment, 'functionName' | 'id'>;

/** What can be done to a run. Each one rejects with a message for the person when the server refuses. */
export interface Actions {
  freeze(target: Target): Promise<void>;
  thaw(target: Target): Promise<void>;
  showPending(target: Target): Promise<void>;
  kill(target: Target, process: 'runtime' | { readonly extension: string }): Promise<void>;
  shutdown(target: Target, reason: string): Promise<void>;
  failNextAttempt(target: Target): Promise<void>;
  delayNextAttempt(target: Target, delayMs: number): Promise<void>;
  setDestinationDown(isDown: boolean): Promise<void>;
  invoke(functionName: string, event: unknown): Promise<void>;
}

export function createActions(token: string): Actions {
  const send = (body: object) => post(token, body);
  const at = ({ functionName, id }: Target) => ({ functionName, environmentId: id });
  return {
    freeze: (target) => send({ action: 'freeze', ...at(target) }),
    thaw: (target) => send({ action: 'thaw', ...at(target) }),
    showPending: (target) => send({ action: 'show-pending', ...at(target) }),
    kill: (target, process) => send({ action: 'kill', ...at(target), process }),
    shutdown: (target, reason) => send({ action: 'shutdown', ...at(target), reason }),
    failNextAttempt: (target) => send({ action: 'fail-next-attempt', ...at(target) }),
    delayNextAttempt: (target, delayMs) =>
      send({ action: 'delay-next-attempt', ...at(target), delayMs }),
    setDestinationDown: (isDown) => send({ action: 'destination-down', isDown }),
    invoke: (functionName, event) => send({ action: 'invoke', functionName, event }),
  };
}

async function post(token: string, body: object): Promise<void> {
  const answer = await fetch('actions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-token': token },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error('The emulator does not answer. Is "dev" still running?');
  });
  // An action that is not possible now is refused with a message and status 200.
  const { message } = (await answer.json().catch(() => ({}))) as { message?: unknown };
  if (typeof message === 'string') throw new Error(message);
  if (!answer.ok) throw new Error(`The emulator refused it: status ${answer.status}`);
}
