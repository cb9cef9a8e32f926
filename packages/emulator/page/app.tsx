import { useEffect, useState } from 'preact/hooks';
import { type Message, MessagesProvider } from './parts/messages.tsx';
import { Scrubber } from './parts/scrubber.tsx';
import { StoreProvider, useChanges } from './parts/use-store.ts';
import { onShortcut } from './shortcuts.ts';
import type { Connection, Store } from './source/store.ts';
import { hashOf, PAGES, type PageName, type Route, readRoute } from './state/route.ts';
import type { View } from './state/view.ts';
import { Environments } from './views/environments.tsx';
import { Help } from './views/help.tsx';
import { Jobs } from './views/jobs.tsx';
import { Lost } from './views/lost.tsx';
import { Messages } from './views/messages.tsx';
import { Requests } from './views/requests.tsx';

const TITLES: Readonly<Record<PageName, string>> = {
  requests: 'Requests',
  jobs: 'Jobs',
  environments: 'Environments',
  lost: 'Lost',
  messages: 'Messages',
};

const VIEWS = {
  requests: Requests,
  jobs: Jobs,
  environments: Environments,
  lost: Lost,
  messages: Messages,
};

const CONNECTIONS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost. Trying again …',
  recording: 'Recording',
};

/** What went well is not worth more. */
const MESSAGE_MS = 6_000;

export function App({ store }: { readonly store: Store }) {
  useChanges(store);
  const [route, setRoute] = useRoute();
  const [message, setMessage] = useState<Message>();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { view, at, connection } = store;

  useEffect(() => {
    const onKeyDown = onShortcut({ setRoute, openHelp: () => setHelpOpen(true) });
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [setRoute]);

  useEffect(() => {
    if (!message || message.isError) return;
    const timer = setTimeout(() => setMessage(undefined), MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [message]);

  const Shown = VIEWS[route.page];
  return (
    <StoreProvider value={store}>
      <MessagesProvider value={setMessage}>
        <header class="top">
          <h1 class="brand">Timeline</h1>
          <nav aria-label="Views">
            {PAGES.map((page) => (
              <a
                key={page}
                href={hashOf({ page })}
                {...(page === route.page && { 'aria-current': 'page' as const })}
              >
                {TITLES[page]}
                <small>{sizeOf(view, page)}</small>
              </a>
            ))}
          </nav>
          <span class={`connection ${connection}`} role="status">
            {CONNECTIONS[connection]}
          </span>
          {connection !== 'recording' && (
            <a class="button" href="recording.html" download="recording.html">
              Download recording
            </a>
          )}
          <button type="button" class="quiet" aria-label="Help" onClick={() => setHelpOpen(true)}>
            ?
          </button>
        </header>
        <Scrubber startedAt={view.startedAt} />
        <Shown
          view={view}
          now={at}
          chosen={route.key}
          onChoose={(key) =>
            setRoute(key === undefined ? { page: route.page } : { page: route.page, key })
          }
        />
        <div class={`message${message?.isError ? ' bad' : ''}`} role="status">
          {message && (
            <>
              {message.text}{' '}
              <button type="button" class="link" onClick={() => setMessage(undefined)}>
                Close
              </button>
            </>
          )}
        </div>
        {isHelpOpen && <Help onClose={() => setHelpOpen(false)} />}
      </MessagesProvider>
    </StoreProvider>
  );
}

function sizeOf(view: View, page: PageName): number {
  return {
    requests: view.rows.length,
    jobs: view.jobs.size,
    environments: view.environments.size,
    lost: view.lost.size,
    messages: view.messages.size,
  }[page];
}

/** What the address says; back and forward work, and a reload stays where it was. */
function useRoute(): [Route, (route: Route) => void] {
  const [route, show] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const onHashChange = () => show(readRoute(location.hash));
    addEventListener('hashchange', onHashChange);
    return () => removeEventListener('hashchange', onHashChange);
  }, []);
  const [setRoute] = useState(() => (next: Route) => {
    // Arrow keys would fill the history otherwise.
    history.replaceState(null, '', hashOf(next));
    show(next);
  });
  return [route, setRoute];
}
