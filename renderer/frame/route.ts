import { useMemo, useSyncExternalStore } from 'react';

/** Where the person is, as the address says it: `#/queue/grp_00001x?f=…`. */
export interface Route {
  /** First segment; empty at the start. */
  screen: string;
  /** The other segments. */
  rest: readonly string[];
  params: URLSearchParams;
}

export function parseHash(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [screen = '', ...rest] = path.split('/').map(decodeSegment);
  return { screen, rest: rest.filter((part) => part !== ''), params: new URLSearchParams(search) };
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function hashOf(screen: string, rest: readonly string[] = [], params: URLSearchParams | null = null): string {
  const path = [screen, ...rest].map(encodeURIComponent).join('/');
  const search = params === null ? '' : params.toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}

/** Goes to a hash. `replace` leaves no step in the history, for what is not worth going back to. */
export function goTo(hash: string, how: 'push' | 'replace' = 'push'): void {
  if (hash === window.location.hash) return;
  if (how === 'push') {
    window.location.hash = hash;
    return;
  }
  window.history.replaceState(null, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
