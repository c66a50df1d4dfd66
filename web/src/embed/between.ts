// What a website and the form in its frame say to each other: the frame its height, and nothing else.

const LEAST = 200;
const MOST = 8000;

interface About {
  brand?: string | undefined;
  lang?: string | undefined;
  /** Origin of the website: to it alone the frame says how high it is. */
  page: string;
}

/** The address of a desk's form in a frame. */
export function sourceOf(desk: string, { brand, lang, page }: About): string {
  const query = new URLSearchParams({ page });
  if (lang !== undefined && lang !== '') query.set('lang', lang);
  return `${desk}/help/embed${brand === undefined || brand === '' ? '' : `/${encodeURIComponent(brand)}`}?${query.toString()}`;
}

/** The height that a message says, within reason; null: it says none. */
export function heightSaid(data: unknown): number | null {
  const said = typeof data === 'object' && data !== null && 'deskHeight' in data ? data.deskHeight : null;
  return typeof said === 'number' && Number.isFinite(said) ? Math.min(MOST, Math.max(LEAST, Math.ceil(said))) : null;
}
