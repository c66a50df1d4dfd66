// Brands: names that the desk answers under, with what customers see of each while it is written.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { BrandPreview } from './brand-preview';
import { useCategoryChoices } from './choices';
import { inside, each, type Bound, type Form } from './form';
import { Amount, Names, Part, Rows, Some, Text, Texts, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { LogoField } from './logo';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Brand } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { LEGIBLE, contrast } from '@/lib/styles/contrast';

type Draft = Required<Omit<Brand, 'id' | 'version'>>;
const USUAL_COLOUR = '#2f4fd0';

export const BRANDS: Kind<Brand, Draft> = {
  name: 'brands',
  part: 'brands',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/brands'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/brands/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/brands/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => draftOf({ id: '', names: {} }),
  draftOf,
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (brand, { named }) => named(brand),
  facts: (brand, { w }) => [brand.hosts?.[0] ?? `/portal/b/${brand.id}`, brand.usual ? w('form.usualShort') : null, brand.active === false ? w('form.off') : null],
  Form: BrandForm,
  Beside,
};

function draftOf({ names, languages = [], colour = null, logo_url = null, titles = {}, leads = {}, footers = {}, links = [], categories = [], mailboxes = [], hosts = [], sites = [], usual = false, active = true, order = 0, without_community = false }: Brand): Draft {
  return { names, languages, colour, logo_url, titles, leads, footers, links, categories, mailboxes, hosts, sites, usual, active, order, without_community };
}

function useMailboxChoices() {
  const { api } = useDesk();
  const { data } = useQuery({ queryKey: ['settings', 'mailboxes'], queryFn: async () => (await unwrap(api.GET('/v1/mailboxes'))).items, staleTime: 30_000 });
  return (data ?? []).map(({ id, name, address }) => ({ value: id, name: `${name} (${address})` }));
}

function BrandForm({ form }: { form: Form<Draft> }) {
  const { w, named } = useTelling();
  const categories = useCategoryChoices();
  const mailboxes = useMailboxChoices();
  const links = form.bind('links');
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.brandNamesHint')} />
      <Colour of={form.bind('colour')} />
      <LogoField of={form.bind('logo_url')} />
      <Names of={form.bind('titles')} label={w('form.brandTitles')} hint={w('form.brandTitlesHint')} most={120} />
      <Names of={form.bind('leads')} label={w('form.brandLeads')} most={300} />
      <Names of={form.bind('footers')} label={w('form.brandFooters')} most={300} />
      <Rows of={links} label={w('form.brandLinks')} add={w('form.addLink')} fresh={() => ({ names: {}, address: '' })} naming={(one) => named({ id: one.address, names: one.names })}>
        {(one, place) => {
          const bound = each(links, place, one);
          return (
            <>
              <Names of={inside(bound, 'names')} label={w('form.names')} most={60} />
              <Text of={inside(bound, 'address')} label={w('form.linkAddress')} hint={w('form.linkAddressHint')} most={1000} />
            </>
          );
        }}
      </Rows>
      <Some of={form.bind('languages')} label={w('form.brandLanguages')} hint={w('form.brandLanguagesHint')} choices={LANGUAGES.map((one) => ({ value: one, name: LANGUAGE_NAMES[one] }))} />
      <Some of={form.bind('categories')} label={w('form.brandCategories')} hint={w('form.brandCategoriesHint')} choices={categories} />
      <Some of={form.bind('mailboxes')} label={w('form.brandMailboxes')} hint={w('form.brandMailboxesHint')} choices={mailboxes} />
      <Part title={w('form.addresses')}>
        <Toggle of={form.bind('usual')} label={w('form.usual')} hint={w('form.usualHint')} />
        <Toggle of={form.bind('without_community')} label={w('form.withoutCommunity')} />
        <Texts of={form.bind('hosts')} label={w('form.brandHosts')} hint={w('form.brandHostsHint')} />
        <Toggle of={form.bind('active')} label={w('form.brandActive')} hint={w('form.brandActiveHint')} />
        <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.orderHint')} empty={0} min={0} max={10_000} />
      </Part>
      <Part title={w('form.embedding')}>
        <p className="field__hint">{w('form.embeddingText')}</p>
        <Texts of={form.bind('sites')} label={w('form.brandSites')} hint={w('form.brandSitesHint')} lines={3} />
        <Snippet form={form} />
      </Part>
    </>
  );
}

function Colour({ of }: { of: Bound<string | null> }) {
  const { w } = useTelling();
  const legible = of.value === null ? 0 : contrast(of.value, '#ffffff');
  return (
    <>
      <Toggle of={{ value: of.value !== null, set: (own) => of.set(own ? USUAL_COLOUR : null), fault: () => undefined }} label={w('form.ownBrandColour')} hint={w('form.ownBrandColourHint')} />
      {of.value !== null && (
        <>
          <Text of={{ ...of, value: of.value }} label={w('form.colour')} type="color" />
          <p className="field__hint" role="status">
            {w(legible >= LEGIBLE ? 'form.contrastGood' : 'form.contrastDark', { ratio: legible.toFixed(1) })}
          </p>
        </>
      )}
    </>
  );
}

/** What is put on a website, to be selected as a whole. */
function Snippet({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  if (form.draft.sites.length === 0) return <p className="field__hint">{w('form.noSites')}</p>;
  const line = `<script src="${location.origin}/embed.js" data-brand="${form.id ?? ''}" async></script>`;
  return (
    <label className="field">
      <span className="field__label">{w('form.snippet')}</span>
      <textarea className="input input--code" rows={2} readOnly value={line} onFocus={({ target }) => target.select()} />
    </label>
  );
}

function Beside({ form }: { form: Form<Draft> }) {
  const { draft, id, isNew } = form;
  const brand = useMemo(() => ({ id: id ?? '', ...draft }), [draft, id]);
  return <BrandPreview brand={brand} saved={!isNew} />;
}
