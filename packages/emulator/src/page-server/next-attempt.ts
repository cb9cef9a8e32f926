import type { Recorder } from '../recording/recorder.ts';

interface InEnvironment {
  readonly functionName: string;
  readonly environmentId: string;
}

/**
 * Does something to the attempt of a job that runs in an environment; if none runs, to the next one that begins there.
 *
 * @returns what was done, in words
 */
export async function nextAttempt(
  recorder: Recorder,
  { functionName, environmentId }: InEnvironment,
  words: (attempt: string) => string,
  act: () => Promise<void>,
): Promise<string> {
  if (recorder.isAttemptRunning(environmentId)) {
    await act();
    return words('the attempt');
  }
  const stop = recorder.listen(({ event }) => {
    if (!('environmentId' in event) || event.environmentId !== environmentId) return;
    if (event.type !== 'job.attempt' && event.type !== 'shutdown.done') return;
    stop();
    if (event.type === 'shutdown.done') return;
    const tell = (text: string) =>
      recorder.add({ at: Date.now(), type: 'action', functionName, environmentId, text });
    act().then(
      () => tell(words('the attempt')),
      (error: Error) => tell(`${words('the attempt')}: ${error.message}`),
    );
  });
  return words('the next attempt');
}
