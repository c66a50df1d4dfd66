// What customers would see of a brand that is not saved yet: the server's rules (functions/portal/site.py), for a preview.
import { isShown } from './logo';
import type { Brand, CategorySetting } from '@/lib/api/settings';
import type { Category, Site } from '@/lib/api/types';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';
import { paletteOf } from '@/lib/styles/brand-colours';

type Names = Readonly<Record<string, string>>;

/** A text in a language, or the nearest there is; empty: there is none. */
const said = (names: Names | undefined, language: Language): string => {
  const { [language]: wanted = '', en = '', ...others } = names ?? {};
  return wanted || en || (Object.values(others)[0] ?? '');
};

export const spokenBy = ({ languages = [] }: Brand): Language[] => LANGUAGES.filter((one) => languages.length === 0 || languages.includes(one));

export function siteFor(brand: Brand, language: Language, community: boolean): Site {
  const { colour, logo_url: logo = null, links = [] } = brand;
  return {
    brand: brand.id || null,
    name: said(brand.names, language) || null,
    languages: spokenBy(brand),
    colours: colour ? paletteOf(colour) : null,
    logo_url: isShown(logo) ? logo : null,
    title: said(brand.titles, language) || null,
    lead: said(brand.leads, language) || null,
    footer: said(brand.footers, language) || null,
    links: links.filter(({ address }) => address !== '').map(({ names, address }) => ({ name: said(names, language) || address, address })),
    community: community && brand.without_community !== true,
  };
}

/** What can be chosen at a brand's portal. */
export const choosable = (all: readonly CategorySetting[], { categories: among = [] }: Brand, language: Language): Category[] =>
  all
    .filter((one) => one.public === true && (among.length === 0 || among.includes(one.id)))
    .map((one) => ({ id: one.id, name: said(one.names, language) || one.id, description: said(one.descriptions, language) }));
