// What this desk is called and where its people sign in: one small file that the deployment writes.

export interface OidcConfig {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  endSessionEndpoint: string | null;
  clientId: string;
  scope: string;
}

export interface DeskConfig {
  oidc: OidcConfig;
  /** Origin and prefix of the API before "/v1"; empty for the same origin. */
  apiBase: string;
  brand: string;
}

type Raw = Record<string, unknown>;

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null;
const text = (value: unknown, otherwise: string): string => (typeof value === 'string' && value !== '' ? value : otherwise);

/** Reads `/config.json`. Missing parts fall back to what a desk on its own origin would say. */
export function parseConfig(raw: unknown): DeskConfig {
  const all = isRaw(raw) ? raw : {};
  const oidc = isRaw(all['oidc']) ? all['oidc'] : {};
  const brand = isRaw(all['brand']) ? all['brand'] : {};
  return {
    oidc: {
      authorizationEndpoint: text(oidc['authorization_endpoint'], '/oauth2/authorize'),
      tokenEndpoint: text(oidc['token_endpoint'], '/oauth2/token'),
      endSessionEndpoint: text(oidc['end_session_endpoint'], '') || null,
      clientId: text(oidc['client_id'], 'desk'),
      scope: text(oidc['scope'], 'openid email profile'),
    },
    apiBase: text(all['api'], '/v1').replace(/\/v1\/?$/, ''),
    brand: text(brand['name'], 'Help desk'),
  };
}

/** Fetches the configuration; rejects when the desk cannot be reached. */
export async function loadConfig(): Promise<DeskConfig> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`config.json: ${response.status}`);
  return parseConfig(await response.json());
}
