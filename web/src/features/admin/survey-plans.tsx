// Surveys: who is asked how it went, how often, and what beside the rating; tried out beside the form.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useCategoryChoices, useGroupChoices } from './choices';
import { each, inside, inUnits, type Bound, type Form } from './form';
import { Amount, Names, Part, Pick, Rows, Side, Some, Text, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { SurveyPlan } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { idFor } from '@/lib/ids';

type Question = Required<NonNullable<SurveyPlan['questions']>[number]>;
type Draft = Required<Omit<SurveyPlan, 'id' | 'version' | 'questions'>> & { questions: Question[] };

const KINDS = ['nps', 'scale', 'yes_no', 'choice', 'text'] as const;
const ASKS = ['customers', 'team'] as const;
const HOUR = 3600;
const RATINGS = [1, 2, 3, 4, 5] as const;
const SAMPLES = { nps: 11, scale: 5 } as const;

export const SURVEY_PLANS: Kind<SurveyPlan, Draft> = {
  name: 'surveys',
  part: 'surveys',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/survey-plans'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/survey-plans/{id}', { params: at(id, seen), body: { ...body, questions: body.questions.map(named) } })),
  remove: (api, id, seen) => done(api.DELETE('/v1/survey-plans/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => draftOf({ id: '', names: {} }),
  draftOf,
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (plan, { named: nameOf }) => nameOf(plan),
  facts: (plan, { w, names }) => [
    ...(plan.groups ?? []).map((group) => names.group(group)),
    plan.asks === 'team' ? w('form.everyDays', { count: plan.every_days ?? 28 }) : w('form.sampled', { percent: plan.sample_percent ?? 100 }),
    w('form.questionCount', { count: (plan.questions ?? []).length }),
    plan.active === false ? w('form.off') : null,
  ],
  Form: PlanForm,
  Beside: SampleSurvey,
};

function draftOf({
  names, groups = [], mailboxes = [], languages = [], categories = [], sample_percent = 100, pause_days = 0, questions = [], order = 0, active = true,
  delay_seconds = null, asks = 'customers', every_days = 28, open_days = 7, least_answers = 5,
}: SurveyPlan): Draft {
  return {
    names, groups, mailboxes, languages, categories, sample_percent, pause_days, order, active, delay_seconds, asks, every_days, open_days, least_answers,
    questions: questions.map(({ id, kind, texts, choices = [], required = false, rating_from = 1, rating_to = 5 }) => ({ id, kind, texts, choices, required, rating_from, rating_to })),
  };
}

const wordIn = (words: Readonly<Record<string, string>>): string => words['en'] ?? Object.values(words)[0] ?? '';

/** A question with ids where it has none yet: they follow from its words and stay from then on. */
function named(question: Question, place: number, all: readonly Question[]): Question {
  const others = all.filter((one) => one !== question).map(({ id }) => id);
  const choices = question.kind === 'choice' ? question.choices : [];
  return {
    ...question,
    id: question.id || idFor(wordIn(question.texts), others, `question${place + 1}`),
    choices: choices.map((one, at) => ({ ...one, id: one.id || idFor(wordIn(one.names), choices.map(({ id }) => id), `choice${at + 1}`) })),
  };
}

function useMailboxChoices() {
  const { api } = useDesk();
  const { data } = useQuery({ queryKey: ['settings', 'mailboxes'], queryFn: async () => (await unwrap(api.GET('/v1/mailboxes'))).items, staleTime: 30_000 });
  return (data ?? []).map(({ id, name, address }) => ({ value: id, name: `${name} (${address})` }));
}

function PlanForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const questions = form.bind('questions');
  const groups = useGroupChoices();
  const mailboxes = useMailboxChoices();
  const categories = useCategoryChoices();
  const team = form.draft.asks === 'team';
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w(team ? 'form.pulseNamesHint' : 'form.formNamesHint')} />
      <Pick of={form.bind('asks')} label={w('form.asks')} choices={ASKS.map((one) => ({ value: one, name: w(`asks.${one}`) }))} />
      {team ? <Team form={form} /> : (
        <Part title={w('form.asked')}>
          <p className="field__hint">{w('form.askedText')}</p>
          <Some of={form.bind('groups')} label={w('form.groups')} choices={groups} />
          <Some of={form.bind('mailboxes')} label={w('form.brandMailboxes')} hint={w('form.surveyMailboxesHint')} choices={mailboxes} />
          <Some of={form.bind('categories')} label={w('form.brandCategories')} choices={categories} />
          <Some of={form.bind('languages')} label={w('form.surveyLanguages')} choices={LANGUAGES.map((one) => ({ value: one, name: LANGUAGE_NAMES[one] }))} />
          <Side>
            <Amount of={form.bind('sample_percent')} label={w('form.sample')} hint={w('form.sampleHint')} empty={0} min={0} max={100} unit="%" />
            <Amount of={form.bind('pause_days')} label={w('form.pause')} hint={w('form.pauseHint')} empty={0} min={0} max={366} unit={w('form.daysUnit')} />
          </Side>
          <Amount of={inUnits(form.bind('delay_seconds'), HOUR)} label={w('form.surveyDelay')} hint={w('form.surveyDelayHint')} empty={null} min={0} max={720} unit={w('form.hoursUnit')} />
        </Part>
      )}
      <Rows of={questions} label={w('form.questions')} add={w('form.addQuestion')} naming={(one) => wordIn(one.texts)} fresh={(): Question => ({ id: '', kind: 'scale', texts: {}, choices: [], required: false, rating_from: 1, rating_to: 5 })}>
        {(one, place) => <OneQuestion of={each(questions, place, one)} />}
      </Rows>
      <Part title={w('form.working')}>
        <Toggle of={form.bind('active')} label={w('form.surveyActive')} hint={w('form.surveyActiveHint')} />
        <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.surveyOrderHint')} empty={0} min={0} max={10_000} />
      </Part>
    </>
  );
}

/** Colleagues themselves: whom, how often, and from how many answers on anything is told. */
function Team({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  return (
    <Part title={w('form.team')}>
      <p className="field__hint">{w('form.teamText')}</p>
      <Some of={form.bind('groups')} label={w('form.groups')} choices={groups} />
      <Side>
        <Amount of={form.bind('every_days')} label={w('form.every')} hint={w('form.everyHint')} empty={28} min={7} max={366} unit={w('form.daysUnit')} />
        <Amount of={form.bind('open_days')} label={w('form.openDays')} empty={7} min={1} max={366} unit={w('form.daysUnit')} />
        <Amount of={form.bind('least_answers')} label={w('form.least')} hint={w('form.leastHint')} empty={5} min={5} max={100} />
      </Side>
    </Part>
  );
}

/** A rating as a text, as lists to choose from have them. */
const asText = (of: Bound<number>): Bound<string> => ({ ...of, value: String(of.value), set: (value) => of.set(Number(value)) });

function OneQuestion({ of }: { of: Bound<Question> }) {
  const { w } = useTelling();
  const choices = inside(of, 'choices');
  const ratings = RATINGS.map((one) => ({ value: String(one), name: String(one) }));
  return (
    <>
      <Names of={inside(of, 'texts')} label={w('form.question')} most={300} />
      <Side>
        <Pick of={inside(of, 'kind')} label={w('form.answerKind')} choices={KINDS.map((one) => ({ value: one, name: w(`answerKinds.${one}`) }))} />
        <Pick of={asText(inside(of, 'rating_from'))} label={w('form.ratingFrom')} choices={ratings} />
        <Pick of={asText(inside(of, 'rating_to'))} label={w('form.ratingTo')} choices={ratings} />
      </Side>
      {of.value.kind === 'choice' && (
        <Rows of={choices} label={w('form.choices')} add={w('form.addChoice')} naming={(one) => wordIn(one.names)} fresh={() => ({ id: '', names: {} })}>
          {(one, place) => {
            const bound = each(choices, place, one);
            return (
              <>
                <Names of={inside(bound, 'names')} label={w('form.choiceNames', { number: place + 1 })} />
                <Text of={inside(bound, 'id')} label={w('form.id')} hint={w('form.choiceIdHint')} most={40} code />
              </>
            );
          }}
        </Rows>
      )}
      <Toggle of={inside(of, 'required')} label={w('form.answerRequired')} />
    </>
  );
}

/** What is asked at a rating: the rating is chosen here, as customers choose it. */
function SampleSurvey({ form }: { form: Form<Draft> }) {
  const { w, language } = useTelling();
  const [rating, setRating] = useState(2);
  const name = useId();
  const asked = form.draft.questions.filter((one) => one.rating_from <= rating && rating <= one.rating_to);
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.survey')}</p>
      <div className="sample sample--form">
        <fieldset className="sample__field">
          <legend className="field__label">{w('preview.rating')}</legend>
          <span className="sample__ratings">
            {RATINGS.map((one) => (
              <label key={one} className="choice">
                <input type="radio" name={name} checked={rating === one} onChange={() => setRating(one)} />
                {one}
              </label>
            ))}
          </span>
        </fieldset>
        {asked.map((one, place) => (
          <SampleQuestion key={one.id || place} question={one} text={one.texts[language] ?? wordIn(one.texts)} />
        ))}
        {asked.length === 0 && <p className="field__hint">{w('preview.noQuestions')}</p>}
      </div>
    </section>
  );
}

function SampleQuestion({ question: { kind, choices, required }, text }: { question: Question; text: string }) {
  const { w, named: nameOf } = useTelling();
  const offered =
    kind === 'nps' || kind === 'scale' ? Array.from({ length: SAMPLES[kind] }, (_, at) => String(kind === 'nps' ? at : at + 1)) : kind === 'yes_no' ? [w('preview.yes'), w('preview.no')] : choices.map((one) => nameOf({ id: one.id || w('form.unnamed'), names: one.names }));
  return (
    <div className="sample__field">
      <span className="field__label">
        {text || w('form.unnamed')} {required ? <span aria-hidden="true">*</span> : <span className="field__hint sample__optional">{w('preview.optional')}</span>}
      </span>
      {kind === 'text' ? <span className="input sample__blank" aria-hidden="true" /> : <span className="sample__ratings">{offered.map((one, at) => <span key={at} className="sample__answer">{one}</span>)}</span>}
    </div>
  );
}
