// Who is signed in: OIDC code + PKCE without a library, because the desk needs four calls of it and nothing else.
//
// Tokens live in memory and in this tab's sessionStorage (a reload keeps them, closing the tab forgets them); the content
// security policy lets no script but the desk's own run beside them.
import type { OidcConfig } from '@/lib/config';
import { challengeOf, randomText } from '@/lib/oidc/pkce';
import { forget, readJson, writeJson } from '@/lib/storage';

interface Tokens {
  accessToken: string;
  refreshToken: string | null;
  /** Milliseconds since 1970 after which the access token is not worth sending. */
  expiresAt: number;
}

export type SessionState = 'signed_out' | 'signed_in' | 'expired';

interface Attempt {
  state: string;
  verifier: string;
  returnTo: string;
}

/** A sign-in that did not work, with a stable reason. */
export class SignInError extends Error {
  override readonly name = 'SignInError';

  constructor(readonly reason: 'denied' | 'unknown_attempt' | 'refused') {
    super(reason);
  }
}

interface Browser {
  origin: string;
  go: (address: string) => void;
  now: () => number;
  fetch: (address: string, init: RequestInit) => Promise<Response>;
}

const TOKENS = 'desk.session';
const ATTEMPT = 'desk.sign-in';
const CALLBACK = '/auth/callback';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function tokensOf(body: unknown, now: number, previous: Tokens | null): Tokens | null {
  if (!isRecord(body) || typeof body['access_token'] !== 'string') return null;
  const seconds = typeof body['expires_in'] === 'number' ? body['expires_in'] : 3600;
  const refresh = typeof body['refresh_token'] === 'string' ? body['refresh_token'] : (previous?.refreshToken ?? null);
  return { accessToken: body['access_token'], refreshToken: refresh, expiresAt: now + seconds * 1000 };
}

function keptTokens(): Tokens | null {
  const kept = readJson(TOKENS, 'sessionStorage');
  if (!isRecord(kept) || typeof kept['accessToken'] !== 'string' || typeof kept['expiresAt'] !== 'number') return null;
  const refreshToken = typeof kept['refreshToken'] === 'string' ? kept['refreshToken'] : null;
  return { accessToken: kept['accessToken'], refreshToken, expiresAt: kept['expiresAt'] };
}

/** Only addresses of this page may be returned to: anything else would be an open redirect. */
const ownAddress = (address: string): string => (/^\/(?![/\\])/.test(address) ? address : '/');

export class Session {
  #tokens: Tokens | null = keptTokens();
  #expired = false;
  #renewing: Promise<boolean> | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly config: OidcConfig,
    readonly browser: Browser,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => {
    if (this.#expired) return 'expired';
    return this.#tokens ? 'signed_in' : 'signed_out';
  };

  readonly token = (): string | null => this.#tokens?.accessToken ?? null;

  /** Leaves for the sign-in page; whoever comes back lands on `returnTo`. */
  async signIn(returnTo: string): Promise<void> {
    const attempt: Attempt = { state: randomText(), verifier: randomText(), returnTo: ownAddress(returnTo) };
    writeJson(ATTEMPT, attempt, 'sessionStorage');
    const address = new URL(this.config.authorizationEndpoint, this.browser.origin);
    const query = {
      response_type: 'code',
      client_id: this.config.clientId,
      redirect_uri: this.browser.origin + CALLBACK,
      scope: this.config.scope,
      state: attempt.state,
      code_challenge: await challengeOf(attempt.verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    this.browser.go(address.href);
  }

  /** Ends a sign-in with what the address of the callback says. Returns where the person was; throws `SignInError`. */
  async complete(search: string): Promise<string> {
    const query = new URLSearchParams(search);
    const attempt = readJson(ATTEMPT, 'sessionStorage');
    forget(ATTEMPT, 'sessionStorage');
    if (query.has('error')) throw new SignInError('denied');
    const code = query.get('code');
    if (!isRecord(attempt) || code === null || attempt['state'] !== query.get('state') || typeof attempt['verifier'] !== 'string') {
      throw new SignInError('unknown_attempt');
    }
    const tokens = await this.#ask({
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.browser.origin + CALLBACK,
      code_verifier: attempt['verifier'],
    });
    if (!tokens) throw new SignInError('refused');
    this.#keep(tokens);
    return ownAddress(typeof attempt['returnTo'] === 'string' ? attempt['returnTo'] : '/');
  }

  /** Renews the access token once for everyone who asks meanwhile; without success the session counts as expired. */
  readonly renew = (): Promise<boolean> => {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  };

  signOut(): void {
    this.#tokens = null;
    this.#expired = false;
    forget(TOKENS, 'sessionStorage');
    this.#tell();
    const end = this.config.endSessionEndpoint;
    if (end === null) return;
    const address = new URL(end, this.browser.origin);
    address.searchParams.set('client_id', this.config.clientId);
    // Cognito says logout_uri, OpenID Connect says post_logout_redirect_uri; each ignores the other's name.
    address.searchParams.set('logout_uri', `${this.browser.origin}/`);
    address.searchParams.set('post_logout_redirect_uri', `${this.browser.origin}/`);
    this.browser.go(address.href);
  }

  async #renew(): Promise<boolean> {
    const refreshToken = this.#tokens?.refreshToken ?? null;
    const tokens = refreshToken === null ? null : await this.#ask({ grant_type: 'refresh_token', refresh_token: refreshToken });
    if (tokens) {
      this.#keep(tokens);
      return true;
    }
    this.#expired = this.#tokens !== null;
    forget(TOKENS, 'sessionStorage');
    this.#tell();
    return false;
  }

  async #ask(form: Record<string, string>): Promise<Tokens | null> {
    try {
      const response = await this.browser.fetch(new URL(this.config.tokenEndpoint, this.browser.origin).href, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ client_id: this.config.clientId, ...form }),
      });
      if (!response.ok) return null;
      return tokensOf(await response.json(), this.browser.now(), this.#tokens);
    } catch {
      return null;
    }
  }

  #keep(tokens: Tokens): void {
    this.#tokens = tokens;
    this.#expired = false;
    writeJson(TOKENS, tokens, 'sessionStorage');
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
