// What an article is beside its words: its kind, where it stands, who may read it, what it is found by and what goes with it.
import { useState } from 'react';
import { AUDIENCES, KINDS } from './article-list';
import { Picker } from './picker';
import { useSectionNames } from '@/lib/data/sections';
import { useWords } from './words';
import { Choices, Field, Select } from '@/components/form';
import { useBrandChoices, useFewArticles, useNamesOf, useOrganizationsLike, type ArticleKind, type Audience } from '@/lib/data/knowledge';
import { useLanguage } from '@/lib/i18n/use-t';
import { useSlowly } from '@/lib/slowly';

const TYPED_MS = 200;
const OFFERED = 8;

export interface Place {
  kind: ArticleKind;
  section: string | null;
  audience: Audience;
  organizations: readonly string[];
  keywords: readonly string[];
  related: readonly string[];
  brands: readonly string[];
}

export const FRESH_PLACE: Place = { kind: 'article', section: null, audience: 'public', organizations: [], keywords: [], related: [], brands: [] };

interface DetailsProps {
  place: Place;
  /** The article's own id: it does not go with itself. */
  own: string | null;
  fixed: boolean;
  faultOf: (field: string) => string | undefined;
  onChange: (part: Partial<Place>) => void;
}

const read = (text: string): string[] => [...new Set(text.split(/[,\n、]/).map((one) => one.trim()).filter((one) => one !== ''))];

export function Details({ place, own, fixed, faultOf, onChange }: DetailsProps) {
  const w = useWords();
  const sections = useSectionNames();
  const brands = useBrandChoices(useLanguage());
  const [keywords, setKeywords] = useState(place.keywords.join(', '));
  const kinds = KINDS.filter((kind) => kind !== 'solution' || place.kind === 'solution');
  return (
    <fieldset className="details" disabled={fixed}>
      <Field label={w('details.section')} fault={faultOf('section')}>
        {({ id }) => <Select id={id} value={place.section ?? ''} choices={[{ value: '', name: w('details.noSection') }, ...sections]} onChange={(value) => onChange({ section: value === '' ? null : value })} />}
      </Field>
      <Field label={w('details.kind')} hint={w(`kindHints.${place.kind}`)} fault={faultOf('kind')}>
        {({ id }) => <Select id={id} value={place.kind} choices={kinds.map((value) => ({ value, name: w(`kinds.${value}`) }))} onChange={(value) => onChange({ kind: KINDS.find((one) => one === value) ?? place.kind })} />}
      </Field>
      <Field label={w('details.audience')} hint={w(`audienceHints.${place.audience}`)} fault={faultOf('audience')}>
        {({ id }) => <Select id={id} value={place.audience} choices={AUDIENCES.map((value) => ({ value, name: w(`audiences.${value}`) }))} onChange={(value) => onChange({ audience: AUDIENCES.find((one) => one === value) ?? place.audience })} />}
      </Field>
      {place.audience === 'organizations' && <Organizations chosen={place.organizations} fault={faultOf('organizations')} onChange={(organizations) => onChange({ organizations })} />}
      {brands.length > 0 && <Choices legend={w('details.brands')} hint={w('details.brandsHint')} choices={brands} chosen={place.brands} onChange={(chosen) => onChange({ brands: chosen })} />}
      <Field label={w('details.keywords')} hint={w('details.keywordsHint')} fault={faultOf('keywords')}>
        {(wiring) => (
          <input
            {...wiring}
            className="input"
            autoComplete="off"
            value={keywords}
            onChange={({ target }) => {
              setKeywords(target.value);
              onChange({ keywords: read(target.value) });
            }}
          />
        )}
      </Field>
      <Related own={own} chosen={place.related} fault={faultOf('related')} onChange={(related) => onChange({ related })} />
    </fieldset>
  );
}

interface ChosenProps {
  chosen: readonly string[];
  fault: string | undefined;
  onChange: (chosen: string[]) => void;
}

function Organizations({ chosen, fault, onChange }: ChosenProps) {
  const w = useWords();
  const [typed, setTyped] = useState('');
  const { data: found = [] } = useOrganizationsLike(useSlowly(typed.trim(), TYPED_MS), true);
  const { data: named = {} } = useNamesOf('organization', chosen);
  const known = { ...Object.fromEntries(found.map(({ id, name }) => [id, name])), ...named };
  return <Picker label={w('details.organizations')} hint={w('details.organizationsHint')} fault={fault} chosen={chosen} named={known} typed={typed} onType={setTyped} found={found} onChange={onChange} />;
}

function Related({ own, chosen, fault, onChange }: ChosenProps & { own: string | null }) {
  const w = useWords();
  const [typed, setTyped] = useState('');
  const q = useSlowly(typed.trim(), TYPED_MS);
  const { data: articles = [] } = useFewArticles({ q }, q !== '');
  const found = q === '' ? [] : articles.filter(({ id }) => id !== own).slice(0, OFFERED).map(({ id, title }) => ({ id, name: title }));
  const { data: named = {} } = useNamesOf('article', chosen);
  const known = { ...Object.fromEntries(found.map(({ id, name }) => [id, name])), ...named };
  return <Picker label={w('details.related')} hint={w('details.relatedHint')} fault={fault} chosen={chosen} named={known} typed={typed} onType={setTyped} found={found} onChange={onChange} />;
}
