// What an address of the portal means. Links come from mails, so every piece of them is taken with care.

export type Place =
  | { page: 'form' }
  | { page: 'request'; id: string; token: string }
  | { page: 'requests' }
  | { page: 'signIn'; link: string; next: string }
  | { page: 'survey'; token: string; rating: number | null }
  | { page: 'approval'; token: string }
  | { page: 'unknown' };

type Address = Pick<Location, 'pathname' | 'search' | 'hash'>;

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return '';
  }
}

/** Where to go after signing in: a page of the portal and nothing else, whatever an address says. */
function onward(search: string): string {
  const wanted = new URLSearchParams(search).get('next') ?? '';
  return /^\/portal\/[\w/-]*$/.test(wanted) ? wanted : REQUESTS_PATH;
}

export const REQUESTS_PATH = '/portal/requests';

/** The page that an address names; an incomplete link is `unknown`, never an error. */
export function placeOf({ pathname, search, hash }: Address): Place {
  const [, portal, kind, name, ...rest] = pathname.replace(/\/+$/, '').split('/');
  const value = decoded(name);
  if (portal !== 'portal' || rest.length > 0) return { page: 'unknown' };
  if (kind === undefined || kind === 'index.html') return { page: 'form' };
  if (kind === 'requests' && value !== '') {
    return { page: 'request', id: value, token: new URLSearchParams(hash.slice(1)).get('t') ?? '' };
  }
  if (kind === 'requests' && name === undefined) return { page: 'requests' };
  if (kind === 'sign-in' && value === '') return { page: 'signIn', link: hash.slice(1), next: onward(search) };
  if (kind === 'survey' && value !== '') {
    const rating = Number(new URLSearchParams(search).get('rating'));
    return { page: 'survey', token: value, rating: Number.isInteger(rating) && rating >= 1 && rating <= 5 ? rating : null };
  }
  if (kind === 'approvals' && value !== '') return { page: 'approval', token: value };
  return { page: 'unknown' };
}

/** The address of a request: with its key, or for whoever is signed in without one. */
export const requestPath = (id: string, token = ''): string =>
  `/portal/requests/${encodeURIComponent(id)}${token === '' ? '' : `#${new URLSearchParams({ t: token }).toString()}`}`;

export const signInPath = (next: string): string => `/portal/sign-in?${new URLSearchParams({ next }).toString()}`;
