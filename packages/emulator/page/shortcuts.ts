import { PAGES, type Route, readRoute } from './state/route.ts';

/** What keys do anywhere on the page, except where text is written. */
export function onShortcut({
  setRoute,
  openHelp,
}: {
  readonly setRoute: (route: Route) => void;
  readonly openHelp: () => void;
}): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]'))
      return;
    const target = event.target as HTMLElement;
    if (target.matches('input, textarea, select')) {
      if (event.key === 'Escape') target.blur();
      return;
    }
    const named = PAGES[Number(event.key) - 1];
    if (named) setRoute({ page: named });
    else if (event.key === '/') focus('#search');
    else if (event.key === 't') focus('.chart');
    else if (event.key === 'n' || event.key === 'Escape')
      setRoute({ page: readRoute(location.hash).page });
    else if (event.key === '?') openHelp();
    else if (event.key === 'j' || event.key === 'k')
      step(event.key === 'j' ? 'ArrowDown' : 'ArrowUp');
    else return;
    event.preventDefault();
  };
}

function focus(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** The list itself knows what is next. */
function step(key: string): void {
  document.querySelector('.pick-list')?.dispatchEvent(new KeyboardEvent('keydown', { key }));
}
