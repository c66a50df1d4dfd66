// What an address of the portal means. Links come from mails, so every piece of them is taken with care.

type Place =
  | { page: 'form' }
  | { page: 'request'; id: string; token: string }
  | { page: 'requests' }
  | { page: 'signIn'; link: string; next: string }
  | { page: 'signOn'; answer: SignOnAnswer }
  | { page: 'survey'; token: string; rating: number | null }
  | { page: 'approval'; token: string }
  | { page: 'unknown' };

/** With what somebody comes back from their organization's sign-in; null: it let nobody in. */
export type SignOnAnswer = { code: string; state: string; iss?: string } | null;

type Address = Pick<Location, 'pathname' | 'search' | 'hash'>;

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return '';
  }
}

const BELOW = /^\/(?:portal|help)\/b\/([a-z0-9][\w-]*)/;
const FRAMED = /^\/help\/embed(?:\/([a-z0-9][\w-]*))?\/?$/;

/** The brand that an address names; null: whose it is follows from its host. */
export const brandOf = (pathname: string): string | null => (BELOW.exec(pathname) ?? FRAMED.exec(pathname))?.[1] ?? null;

/** Whether the page stands in a frame on another website. */
export const isFramed = (pathname: string): boolean => FRAMED.test(pathname);

/** An address of ours as it is below the brand that the page is at: `/portal/requests` at `/portal/b/acme/requests`. */
export function atBrand(path: string, pathname = location.pathname): string {
  const brand = brandOf(pathname);
  return brand === null ? path : path.replace(/^\/(portal|help)(?=[/?#]|$)/, `/$1/b/${brand}`);
}

/** Whether somebody may be sent there after signing in: a page of the portal or the help centre, with what was asked there, and nothing else, whatever an address says. */
export const isOnward = (wanted: unknown): wanted is string => typeof wanted === 'string' && /^\/(?:portal\/[\w/-]*|help\/[\w/-]*(?:\?q=[\w%+.~*-]*)?)$/.test(wanted);

function onward(search: string): string | null {
  const wanted = new URLSearchParams(search).get('next');
  return isOnward(wanted) ? wanted : null;
}

function answerOf(search: string): SignOnAnswer {
  const said = new URLSearchParams(search);
  const [code, state, iss] = [said.get('code'), said.get('state'), said.get('iss')];
  if (code === null || state === null || said.has('error')) return null;
  return { code, state, ...(iss === null ? {} : { iss }) };
}

export const requestsPath = (): string => atBrand('/portal/requests');

/** The page that an address names; an incomplete link is `unknown`, never an error. */
export function placeOf({ pathname, search, hash }: Address): Place {
  if (isFramed(pathname)) return { page: 'form' };
  const [, portal, kind, name, ...rest] = pathname.replace(BELOW, '/portal').replace(/\/+$/, '').split('/');
  const value = decoded(name);
  if (portal !== 'portal' || rest.length > 0) return { page: 'unknown' };
  if (kind === undefined || kind === 'index.html') return { page: 'form' };
  if (kind === 'requests' && value !== '') {
    return { page: 'request', id: value, token: new URLSearchParams(hash.slice(1)).get('t') ?? '' };
  }
  if (kind === 'requests' && name === undefined) return { page: 'requests' };
  if (kind === 'sign-in' && value === '') return { page: 'signIn', link: hash.slice(1), next: onward(search) ?? atBrand('/portal/requests', pathname) };
  if (kind === 'single-sign-on' && value === '') return { page: 'signOn', answer: answerOf(search) };
  if (kind === 'survey' && value !== '') {
    const rating = Number(new URLSearchParams(search).get('rating'));
    return { page: 'survey', token: value, rating: Number.isInteger(rating) && rating >= 1 && rating <= 5 ? rating : null };
  }
  if (kind === 'approvals' && value !== '') return { page: 'approval', token: value };
  return { page: 'unknown' };
}

/** The address of a request: with its key, or for whoever is signed in without one. */
export const requestPath = (id: string, token = ''): string =>
  `${requestsPath()}/${encodeURIComponent(id)}${token === '' ? '' : `#${new URLSearchParams({ t: token }).toString()}`}`;

export const signInPath = (next: string): string => `${atBrand('/portal/sign-in')}?${new URLSearchParams({ next }).toString()}`;
