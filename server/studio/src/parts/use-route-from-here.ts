import { useLocation } from 'preact-iso';

/**
 * Returns a function that goes to an address once something is done, unless the person has left this page by then: nobody
 * wants to be taken away from what they look at.
 */
export function useRouteFromHere(): (to: string) => void {
  const { route } = useLocation();
  const { pathname } = location;
  return (to) => {
    if (location.pathname === pathname) route(to);
  };
}
