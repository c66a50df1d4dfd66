// One typed client of the API: adds the token, renews it once when it has run out, turns refusals into `ApiError`.
import createClient, { type Client } from 'openapi-fetch';
import { problemOf, unreachable } from '@/lib/api/problem';
import type { paths } from '@/lib/api/schema';

export type Api = Client<paths>;

interface Credentials {
  token: () => string | null;
  /** Called after a 401. Resolves to true when there is a new token and the call is worth repeating. */
  renew: () => Promise<boolean>;
}

type Fetch = (request: Request) => Promise<Response>;

/** The desk's own copies of settings and the like are some seconds old at most. */
const COPIES_MS = 6_000;
let afreshUntil = 0;

/** For some seconds the desk is told to look again before it answers: something has just been changed. */
export function askAfresh(): void {
  afreshUntil = Date.now() + COPIES_MS;
}

/** What is written all day long, and is never answered from a copy. */
const ALL_DAY = /\/v1\/(tickets|drafts|notifications|search|uploads|bulk|views\/preview)/;
const changesSettings = ({ method, url }: Request): boolean => method !== 'GET' && !ALL_DAY.test(url);

function withToken(request: Request, token: string | null): Request {
  const copy = request.clone();
  if (Date.now() < afreshUntil) copy.headers.set('cache-control', 'no-cache');
  if (token !== null) copy.headers.set('authorization', `Bearer ${token}`);
  return copy;
}

/** The client for `base` ("" for the same origin): paths already begin with /v1. */
export function createApi(base: string, credentials?: Credentials, send: Fetch = (request) => fetch(request)): Api {
  const authorized: Fetch = async (request) => {
    if (!credentials) return send(request);
    if (changesSettings(request)) askAfresh();
    const first = await send(withToken(request, credentials.token()));
    if (first.status !== 401 || !(await credentials.renew())) return first;
    return send(withToken(request, credentials.token()));
  };
  return createClient<paths>({ baseUrl: base === '' ? location.origin : base, fetch: authorized });
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of a 2xx answer, or an `ApiError`. */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data } = await answered(call);
  return data;
}

/** Like `unwrap`, with the response beside it for its headers. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<{ data: Data; response: Response }> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (cause) {
    throw unreachable(cause);
  }
  if (!answer.response.ok || answer.data === undefined) throw problemOf(answer.response, answer.error);
  return { data: answer.data, response: answer.response };
}

/** Waits for a call whose 2xx answer has no body (204). */
export async function done(call: Promise<Answer<unknown>>): Promise<void> {
  let answer: Answer<unknown>;
  try {
    answer = await call;
  } catch (cause) {
    throw unreachable(cause);
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
}
