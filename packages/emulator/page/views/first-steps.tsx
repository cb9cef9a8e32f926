import type { View } from '../state/view.ts';

/** What a page says that was opened before the first request. */
export function FirstSteps({ view }: { readonly view: View }) {
  const functions = [...view.functions.values()];
  return (
    <main class="first-steps">
      <h2>Waiting for the first request</h2>
      <p>
        Send one, and this page shows when the caller had the reply, what ran after it, and whether
        the environment is frozen.
      </p>
      {view.url !== undefined && <pre>curl {view.url}</pre>}
      <p class="remark">
        {view.url === undefined
          ? 'Invoke a function, and it appears here.'
          : 'Add a path of your project. "dev --request" sends one request to each route.'}
      </p>
      {functions.length > 0 && (
        <ul>
          {functions.map(({ name, memoryMiB, timeoutMs, runtime }) => (
            <li key={name}>
              <b>{name}</b> {runtime}, {memoryMiB} MB, timeout {timeoutMs / 1_000} s
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}
