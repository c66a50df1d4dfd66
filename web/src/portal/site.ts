// Whose pages these are: a brand's name, colours and words, asked for once a language. Without an answer they are the desk's.
import { unwrap, type Api } from '@/lib/api/client';
import type { Site } from '@/lib/api/types';
import { LANGUAGES } from '@/lib/i18n/languages';
import { brandOf } from './place';

export const PLAIN: Site = { brand: null, name: null, languages: [...LANGUAGES], colours: null, logo_url: null, title: null, lead: null, footer: null, links: [] };

export function siteOf(api: Api, language: string): Promise<Site> {
  const brand = brandOf(location.pathname);
  const query = { locale: language, ...(brand === null ? {} : { brand }) };
  return unwrap(api.GET('/v1/portal/site', { params: { query } })).catch(() => PLAIN);
}

/** Puts a brand's colours in the place of the accent; each is legible where it stands, as the desk has checked. */
export function wear({ colours }: Site, { style }: HTMLElement = document.documentElement): void {
  if (!colours) return;
  const { button, on_button: onButton, link, link_dark: linkDark } = colours;
  const own = {
    '--accent': `light-dark(${link}, ${linkDark})`,
    '--accent-fill': button,
    '--accent-fill-hover': `color-mix(in srgb, ${button} 88%, black)`,
    '--accent-soft': `color-mix(in srgb, ${button} 12%, var(--surface))`,
    '--on-accent': onButton,
    '--focus': `light-dark(${link}, ${linkDark})`,
  };
  for (const [name, value] of Object.entries(own)) style.setProperty(name, value);
}
