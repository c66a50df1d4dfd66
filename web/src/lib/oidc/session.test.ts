import { describe, expect, test, vi } from 'vitest';
import { parseConfig } from '@/lib/config';
import { challengeOf } from '@/lib/oidc/pkce';
import { Session, SignInError } from '@/lib/oidc/session';

const config = parseConfig({ oidc: { authorization_endpoint: 'https://id.test/authorize', token_endpoint: 'https://id.test/token', client_id: 'desk', end_session_endpoint: 'https://id.test/logout' } }).oidc;

function browser(answer: () => Response | Promise<Response>) {
  const went: string[] = [];
  const forms: URLSearchParams[] = [];
  const fetch = vi.fn((_address: string, init: RequestInit) => {
    forms.push(init.body as URLSearchParams);
    return Promise.resolve(answer());
  });
  return { went, forms, fetch, origin: 'https://desk.test', go: (address: string) => went.push(address), now: () => 1_000 };
}
const tokens = (name: string) => () => Response.json({ access_token: name, refresh_token: 'r1', expires_in: 60 });

async function signedIn(answer: () => Response | Promise<Response>, returnTo = '/tickets/1') {
  const page = browser(answer);
  const session = new Session(config, page);
  await session.signIn(returnTo);
  const state = new URL(page.went[0] ?? '').searchParams.get('state') ?? '';
  const back = await session.complete(`?code=c1&state=${state}`);
  return { session, page, back };
}

describe('signing in', () => {
  test('comes back to where the person was, with a session', async () => {
    const { session, back } = await signedIn(tokens('a1'));
    expect(back).toBe('/tickets/1');
    expect(session.state()).toBe('signed_in');
    expect(session.token()).toBe('a1');
  });
  test('proves with the verifier what it promised with the challenge', async () => {
    const { page } = await signedIn(tokens('a1'));
    const query = new URL(page.went[0] ?? '').searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    expect(query.get('code_challenge')).toBe(await challengeOf(page.forms[0]?.get('code_verifier') ?? ''));
  });
  test('refuses an answer to a question that this tab never asked', async () => {
    const session = new Session(config, browser(tokens('a1')));
    await session.signIn('/');
    await expect(session.complete('?code=c1&state=forged')).rejects.toEqual(new SignInError('unknown_attempt'));
    expect(session.state()).toBe('signed_out');
  });
  test('never returns to another site', async () => {
    for (const elsewhere of ['//evil.test', 'https://evil.test', '/\\evil.test']) {
      expect((await signedIn(tokens('a1'), elsewhere)).back).toBe('/');
    }
  });
  test('says so when it was cancelled', async () => {
    const session = new Session(config, browser(tokens('a1')));
    await session.signIn('/');
    await expect(session.complete('?error=access_denied')).rejects.toEqual(new SignInError('denied'));
  });
  test('survives a reload of the page', async () => {
    await signedIn(tokens('a1'));
    expect(new Session(config, browser(tokens('x'))).token()).toBe('a1');
  });
});

describe('a session', () => {
  test('is renewed once for all calls that notice its end together', async () => {
    const { session, page } = await signedIn(tokens('a1'));
    page.fetch.mockImplementation(() => Promise.resolve(tokens('a2')()));
    const before = page.fetch.mock.calls.length;
    expect(await Promise.all([session.renew(), session.renew()])).toEqual([true, true]);
    expect(page.fetch.mock.calls.length - before).toBe(1);
    expect(session.token()).toBe('a2');
  });
  test('that cannot be renewed is expired, not silently gone', async () => {
    const { session, page } = await signedIn(tokens('a1'));
    page.fetch.mockImplementation(() => Promise.resolve(new Response('{}', { status: 400 })));
    expect(await session.renew()).toBe(false);
    expect(session.state()).toBe('expired');
  });
  test('ends at the identity provider too', async () => {
    const { session, page } = await signedIn(tokens('a1'));
    session.signOut();
    expect(session.token()).toBeNull();
    expect(sessionStorage.getItem('desk.session')).toBeNull();
    expect(new URL(page.went.at(-1) ?? '').pathname).toBe('/logout');
  });
});
