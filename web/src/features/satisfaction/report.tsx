// What requesters said in some days, told apart as one likes, and answer by answer.
import { useState } from 'react';
import { AnswerList } from '@/components/answer-list';
import { Figures } from './figures';
import { useWords } from '@/components/satisfaction-words';
import { Field, Select } from '@/components/form';
import { WhenInput } from '@/components/when-input';
import { useQuery } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import { useDesk } from '@/lib/data/context';
import { useNames } from '@/lib/data/directory';
import { useSurveyReport, type Days, type SurveyReportBy } from '@/lib/data/satisfaction';
import { LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { useLanguage, useT } from '@/lib/i18n/use-t';

const BY = ['group', 'agent', 'week', 'day', 'mailbox', 'language', 'plan', 'all'] as const satisfies readonly SurveyReportBy[];

export function Report() {
  const w = useWords();
  const [days, setDays] = useState<Days | null>(null);
  const [by, setBy] = useState<SurveyReportBy>('group');
  const [low, setLow] = useState(false);
  const { data } = useSurveyReport(days, by);
  const nameOf = useKeyNames(data?.by ?? by);
  const { since, until } = days ?? { since: data?.since ?? '', until: data?.until ?? '' };
  return (
    <section aria-label={w('report')}>
      <h1 className="setup__title">{w('report')}</h1>
      <div className="fields fields--end">
        <Field label={w('since')}>{({ id }) => <WhenInput id={id} type="date" value={since} max={until} onChange={(day) => setDays({ since: day, until })} />}</Field>
        <Field label={w('until2')}>{({ id }) => <WhenInput id={id} type="date" value={until} min={since} onChange={(day) => setDays({ since, until: day })} />}</Field>
        <Field label={w('by')}>{({ id }) => <Select id={id} value={by} choices={BY.map((value) => ({ value, name: w(`byOf.${value}`) }))} onChange={(value) => setBy(BY.find((one) => one === value) ?? 'group')} />}</Field>
      </div>
      <div aria-live="polite">
        {data?.items.length === 0 && <p className="setup__text">{w('none')}</p>}
        {data !== undefined && data.items.length > 0 && <Figures report={data} nameOf={nameOf} />}
      </div>
      {data !== undefined && data.items.length > 0 && (
        <>
          <div className="said__bar">
            <h2 className="setup__part">{w('list')}</h2>
            <label className="choice">
              <input type="checkbox" checked={low} onChange={({ target }) => setLow(target.checked)} />
              {w('low')}
            </label>
          </div>
          <AnswerList days={days} {...(low && { ratingTo: 2 })} />
        </>
      )}
    </section>
  );
}

/** What the keys of a report are called. */
function useKeyNames(by: SurveyReportBy): (key: string) => string {
  const t = useT();
  const w = useWords();
  const language = useLanguage();
  const names = useNames();
  const { api } = useDesk();
  const { data: mailboxes = [] } = useQuery({ queryKey: ['settings', 'mailboxes'], queryFn: async () => (await unwrap(api.GET('/v1/mailboxes'))).items, staleTime: 30_000, enabled: by === 'mailbox' });
  const { data: plans = [] } = useQuery({ queryKey: ['survey-plans'], queryFn: async () => (await unwrap(api.GET('/v1/survey-plans'))).items, staleTime: 30_000, enabled: by === 'plan' });
  return (key) => {
    if (by === 'all') return w('byOf.all');
    if (by === 'plan') {
      const words = plans.find(({ id }) => id === key)?.names ?? {};
      return key === '' ? w('usual') : (words[language] ?? words['en'] ?? Object.values(words)[0] ?? key);
    }
    if (key === '') return by === 'group' ? t('property.noGroup') : w('nobody');
    if (by === 'group') return names.group(key) ?? key;
    if (by === 'agent') return names.agent(key) ?? key;
    if (by === 'mailbox') return mailboxes.find(({ id }) => id === key)?.name ?? key;
    if (by === 'language') return Object.entries(LANGUAGE_NAMES).find(([one]) => one === key)?.[1] ?? key;
    return key;
  };
}
