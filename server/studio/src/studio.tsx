import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { START, toRun } from './live/commands.ts';
import { connection } from './live/events.ts';
import { sessionKey } from './live/session.ts';
import { Notice } from './parts/notice.tsx';
import { SCREENS, type Screen } from './screens.ts';

const BASE = '/studio';
const addressOf = ({ path }: Screen) => (path === '/' ? BASE : BASE + path);

/** The component of each screen, which loads when it is first shown. */
const PAGES: readonly [Screen, FunctionComponent][] = SCREENS.map((screen) => [screen, lazy(screen.load)]);

/** The whole studio: its navigation and the screen in its address. */
export function Studio() {
  return (
    <LocationProvider scope={BASE}>
      <a class="skip" href="#screen">
        Skip to the screen
      </a>
      <Navigation />
      <Screens />
    </LocationProvider>
  );
}

/** Returns the screen that an address is of, also of what lies below it. */
function screenAt(path: string): Screen | undefined {
  const below = path.replace(/\/+$/, '');
  const fits = (screen: Screen) =>
    below === addressOf(screen) || (screen.path !== '/' && below.startsWith(`${addressOf(screen)}/`));
  return SCREENS.find(fits);
}

function Navigation() {
  const { path } = useLocation();
  const current = screenAt(path);
  return (
    <header class="top">
      <a class="brand" href={BASE}>
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <rect class="logo-back" x="11" y="4" width="15" height="20" rx="4" transform="rotate(12 18 14)" />
          <rect class="logo-front" x="6" y="7" width="15" height="20" rx="4" />
        </svg>
        Swipenet studio
      </a>
      <nav aria-label="Screens">
        <ul>
          {SCREENS.map((screen) => (
            <li key={screen.path}>
              <a href={addressOf(screen)} aria-current={screen === current ? 'page' : undefined}>
                {screen.title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

/** Shows the screen, or what is missing for it. Moves the focus to it when another one is opened. */
function Screens() {
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const screen = screenAt(path);
  const shown = useRef(screen);
  useEffect(() => {
    document.title = `${screen?.title ?? 'Not found'} · Swipenet studio`;
    if (shown.current !== screen) main.current?.focus();
    shown.current = screen;
  }, [screen]);
  return (
    <main id="screen" ref={main} tabIndex={-1}>
      <h1>{screen?.title ?? 'Not found'}</h1>
      {sessionKey.value === null ? <NoSession /> : <Lost />}
      {sessionKey.value !== null && (
        <Router>
          {PAGES.flatMap(([one, Page]) => [
            <Route key={one.path} path={addressOf(one)} component={Page} />,
            ...(one.path === '/'
              ? []
              : [<Route key={`${one.path}/*`} path={`${addressOf(one)}/*`} component={Page} />]),
          ])}
          <Route default component={NotFound} />
        </Router>
      )}
    </main>
  );
}

const NotFound = () => (
  <p>
    There is no such screen. <a href={BASE}>Go to Home</a>.
  </p>
);

function NoSession() {
  return (
    <Notice>
      To use the studio, open the link that <code>{START}</code> printed, and then this page. If it was used, run{' '}
      <code>{toRun('link')}</code> for a new one. Links work only on the server’s own computer.
    </Notice>
  );
}

function Lost() {
  if (connection.value !== 'lost') return null;
  return <Notice>The server doesn’t respond, so what you see may be out of date. Trying again …</Notice>;
}
