// Mailboxes: addresses that customers write to, and how mails from there look and are signed.
import { orNone, useGroupChoices } from './choices';
import { inside, orNothing, type Bound, type Form } from './form';
import { Amount, Names, Part, Pick, Text, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { LogoField } from './logo';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Mailbox } from '@/lib/api/settings';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

interface Draft {
  address: string;
  name: string;
  group: string | null;
  language: string;
  letterhead: Required<Mailbox['letterhead']>;
}

const PLAIN: Draft['letterhead'] = { brand: null, colour: null, logo_url: null, signatures: {}, show_agent: true, agent_in_sender: false, quoted_messages: 0 };

export const MAILBOXES: Kind<Mailbox, Draft> = {
  name: 'mailboxes',
  part: 'mailboxes',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/mailboxes'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/mailboxes/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/mailboxes/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ address: '', name: '', group: null, language: 'en', letterhead: PLAIN }),
  draftOf: ({ address, name, group, language, letterhead }) => ({ address, name, group, language, letterhead: { ...PLAIN, ...letterhead } }),
  versionOf: ({ version }) => version,
  nameOf: ({ name }) => name,
  title: ({ name }) => name,
  facts: (mailbox, { names }) => [mailbox.address, names.group(mailbox.group), mailbox.language],
  Form: MailboxForm,
  Beside: SampleMail,
};

function MailboxForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  const letterhead = form.bind('letterhead');
  return (
    <>
      <Text of={form.bind('address')} label={w('form.mailboxAddress')} hint={w('form.mailboxAddressHint')} type="email" most={254} required />
      <Text of={form.bind('name')} label={w('form.mailboxName')} hint={w('form.mailboxNameHint')} most={80} required />
      <Pick of={orNothing(form.bind('group'))} label={w('form.group')} hint={w('form.mailboxGroupHint')} choices={orNone(w('form.noGroup'), groups)} />
      <Pick of={form.bind('language')} label={w('form.mailboxLanguage')} hint={w('form.mailboxLanguageHint')} choices={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))} />
      <Part title={w('form.letterhead')}>
        <Text of={orNothing(inside(letterhead, 'brand'))} label={w('form.brand')} hint={w('form.brandHint')} most={80} />
        <Colour of={inside(letterhead, 'colour')} />
        <LogoField of={inside(letterhead, 'logo_url')} />
        <Names of={inside(letterhead, 'signatures')} label={w('form.signatures')} hint={w('form.signaturesHint')} lines={3} most={4000} />
      </Part>
      <Part title={w('form.sender')}>
        <Toggle of={inside(letterhead, 'show_agent')} label={w('form.showAgent')} hint={w('form.showAgentHint')} />
        <Toggle of={inside(letterhead, 'agent_in_sender')} label={w('form.agentInSender')} hint={w('form.agentInSenderHint')} />
        <Amount of={inside(letterhead, 'quoted_messages')} label={w('form.quoted')} hint={w('form.quotedHint')} empty={0} min={0} max={5} />
      </Part>
    </>
  );
}

function Colour({ of }: { of: Bound<string | null> }) {
  const { w } = useTelling();
  return (
    <>
      <Toggle of={{ value: of.value !== null, set: (own) => of.set(own ? '#2f4fd0' : null), fault: () => undefined }} label={w('form.ownColour')} hint={w('form.ownColourHint')} />
      {of.value !== null && <Text of={{ ...of, value: of.value }} label={w('form.colour')} type="color" />}
    </>
  );
}

/** How an answer looks: drawn in SVG where it has the brand's own colour, which no style of the page knows. */
function SampleMail({ form }: { form: Form<Draft> }) {
  const { w, language } = useTelling();
  const { letterhead: draft, name, address } = form.draft;
  const agent = w('preview.agent');
  const brand = draft.brand ?? name;
  const signature = draft.signatures[language] ?? draft.signatures['en'] ?? '';
  const filled = signature.replaceAll(/\{\{\s*agent\s*\}\}/g, draft.show_agent ? agent : '').replaceAll(/\{\{\s*desk\s*\}\}/g, brand).replaceAll(/\{\{\s*mailbox\s*\}\}/g, name);
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.mailFrom', { sender: draft.agent_in_sender && draft.show_agent ? `${agent} (${brand})` : brand, address })}</p>
      <div className="sample sample--mail">
        <p className="sample__brand">{brand}</p>
        <p className="sample__words">{w('preview.answer')}</p>
        <svg className="sample__button" viewBox="0 0 150 36" role="img" aria-label={w('preview.button')}>
          <rect width="150" height="36" rx="6" fill={draft.colour ?? '#2f4fd0'} />
          <text x="75" y="23" textAnchor="middle" fill="#fff" fontSize="13">
            {w('preview.button')}
          </text>
        </svg>
        {filled !== '' && <p className="sample__words sample__signature">{filled}</p>}
      </div>
    </section>
  );
}
