import { createContext } from 'preact';
import { useContext, useEffect, useReducer } from 'preact/hooks';
import type { Store } from '../source/store.ts';
import { isMoving } from '../state/request-times.ts';

const Context = createContext<Store | undefined>(undefined);
export const StoreProvider = Context.Provider;

/** How often what counts up is drawn; once a second for people who want less motion. */
const TICK_MS = 100;
const CALM_TICK_MS = 1_000;

export function useStore(): Store {
  const store = useContext(Context);
  if (!store) throw new Error('useStore() is used outside of StoreProvider');
  return store;
}

/** Draws the component again whenever something has changed or counts up. */
export function useChanges(store: Store): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const stop = store.subscribe(() => draw(undefined));
    // What came before this listener.
    draw(undefined);
    return stop;
  }, [store]);
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const timer = setInterval(
      () => {
        if (store.connection === 'live' && !document.hidden && isMoving(store.view))
          store.changed();
      },
      isCalm ? CALM_TICK_MS : TICK_MS,
    );
    return () => clearInterval(timer);
  }, [store]);
}
