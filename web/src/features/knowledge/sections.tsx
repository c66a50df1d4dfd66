// Sections of the help centre: what they are called in each language, which stands in which, and in what order.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { nameOfSection, ordered } from '@/lib/data/sections';
import { useWords } from './words';
import { Dialog } from '@/components/dialog';
import { EmptyState } from '@/components/empty-state';
import { Choices, Field, Select } from '@/components/form';
import { IconCategory, IconPencil, IconPlus } from '@/components/icons';
import { Remove } from '@/components/remove';
import { ApiError } from '@/lib/api/problem';
import { useMe } from '@/lib/data/directory';
import { publishesArticles, useBrandChoices, useRemoveSection, useSaveSection, useSections, type Section } from '@/lib/data/knowledge';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';

type Opened = Section | 'new' | null;

export function Sections() {
  const w = useWords();
  const language = useLanguage();
  const { data: me } = useMe();
  const { data: sections, isError } = useSections();
  const [opened, setOpened] = useState<Opened>(null);
  const may = publishesArticles(me);
  const all = ordered(sections ?? []);
  const add = may && (
    <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => setOpened('new')}>
      {w('sections.new')}
    </Button>
  );
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('page.sections')}</h1>
          <p className="setup__text">{w('sections.text')}</p>
        </div>
        {all.length > 0 && add}
      </div>
      {isError && !sections && <p className="field__fault">{w('list.failed')}</p>}
      {sections?.length === 0 && <EmptyState icon={<IconCategory size={22} stroke={1.6} />} title={w('sections.emptyTitle')} text={w('sections.emptyText')} action={add} />}
      <ul className="sections" aria-busy={sections === undefined && !isError}>
        {all.map((one) => (
          <li key={one.id} className={(one.parent ?? null) === null ? 'sections__one' : 'sections__one sections__one--inside'}>
            <div className="sections__what">
              <span className="sections__name" dir="auto">
                {nameOfSection(one, language)}
              </span>
              <span className="sections__text" dir="auto">
                {one.descriptions?.[language] ?? one.descriptions?.['en'] ?? ''}
              </span>
            </div>
            <span className="field__hint">{LANGUAGES.filter((lang) => (one.names[lang] ?? '') !== '').join(', ')}</span>
            {may && (
              <button type="button" className="icon-button" aria-label={w('sections.change', { name: nameOfSection(one, language) })} onClick={() => setOpened(one)}>
                <IconPencil size={16} stroke={1.7} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {opened !== null && <SectionDialog section={opened === 'new' ? null : opened} all={sections ?? []} onClose={() => setOpened(null)} />}
    </>
  );
}

interface SectionDialogProps {
  section: Section | null;
  all: readonly Section[];
  onClose: () => void;
}

function SectionDialog({ section, all, onClose }: SectionDialogProps) {
  const w = useWords();
  const language = useLanguage();
  const save = useSaveSection();
  const remove = useRemoveSection();
  const [names, setNames] = useState<Record<string, string>>({ ...section?.names });
  const [descriptions, setDescriptions] = useState<Record<string, string>>({ ...section?.descriptions });
  const [parent, setParent] = useState(section?.parent ?? '');
  const [order, setOrder] = useState(section?.order ?? (Math.max(0, ...all.map((one) => one.order ?? 0)) + 10));
  const [kept, setKept] = useState<readonly string[]>(section?.brands ?? []);
  const brands = useBrandChoices(language);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const said = LANGUAGES.map((one) => names[one] ?? '').find((name) => name.trim() !== '');
  const id = section?.id ?? idFor(names['en'] ?? said ?? '', all.map((one) => one.id), 'section');
  const filled = (texts: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== ''));
  const outer = all.filter((one) => (one.parent ?? null) === null && one.id !== section?.id);
  const hasInside = all.some((one) => one.parent === section?.id);
  const how = {
    onSuccess: () => {
      toast(w('sections.saved'));
      onClose();
    },
    onError: (error: Error) => setRefused(error instanceof ApiError ? error : new ApiError(0, '', error.message)),
  };
  return (
    <Dialog wide title={section === null ? w('sections.new') : nameOfSection(section, language)} onClose={onClose}>
      <form
        className="section-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ id, version: section?.version ?? 0, body: { names: filled(names), descriptions: filled(descriptions), parent: parent === '' ? null : parent, order, brands: [...kept] } }, how);
        }}
      >
        {LANGUAGES.map((one, at) => (
          <div key={one} className="fields">
            <Field label={`${w('sections.name')} · ${LANGUAGE_NAMES[one]}`}>
              {(wiring) => <input {...wiring} {...(at === 0 ? { 'data-autofocus': true } : {})} className="input" lang={one} maxLength={200} autoComplete="off" value={names[one] ?? ''} onChange={({ target }) => setNames({ ...names, [one]: target.value })} />}
            </Field>
            <Field label={`${w('sections.description')} · ${LANGUAGE_NAMES[one]}`}>
              {(wiring) => <input {...wiring} className="input" lang={one} maxLength={200} autoComplete="off" value={descriptions[one] ?? ''} onChange={({ target }) => setDescriptions({ ...descriptions, [one]: target.value })} />}
            </Field>
          </div>
        ))}
        <div className="fields">
          <Field label={w('sections.parent')} hint={w(hasInside ? 'sections.hasInside' : 'sections.parentHint')}>
            {({ id: field }) => <Select id={field} value={parent} choices={[{ value: '', name: w('sections.noParent') }, ...(hasInside ? [] : outer.map((one) => ({ value: one.id, name: nameOfSection(one, language) })))]} onChange={setParent} />}
          </Field>
          <Field label={w('sections.order')} hint={w('sections.orderHint')}>
            {(wiring) => <input {...wiring} className="input input--short" type="number" value={order} onChange={({ target }) => setOrder(Number.isNaN(target.valueAsNumber) ? 0 : Math.trunc(target.valueAsNumber))} />}
          </Field>
        </div>
        {brands.length > 0 && <Choices legend={w('details.brands')} hint={w('sections.brandsHint')} choices={brands} chosen={kept} onChange={setKept} />}
        {refused && (
          <p className="field__fault" role="alert">
            {refused.code === 'stale_version' ? w('sections.stale') : w('refused.refused', { detail: refused.errors.map(({ message }) => message).join('; ') || refused.detail })}
          </p>
        )}
        <div className="setup__acts">
          <Button type="submit" loading={save.isPending} disabled={said === undefined}>
            {w('article.save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {w('steps.cancel')}
          </Button>
          {section !== null && (
            <Remove
              name={nameOfSection(section, language)}
              text={w('sections.removeText')}
              busy={remove.isPending}
              onRemove={() => remove.mutate({ id: section.id, version: section.version ?? 0 }, how)}
            />
          )}
        </div>
      </form>
    </Dialog>
  );
}
