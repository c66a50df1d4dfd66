// Mailboxes: how mails from an address look and are signed.
import { inside, orNothing, type Bound, type Form } from './form';
import { Amount, Names, Part, Text, Toggle } from './inputs';
import type { Kind } from './kind';
import { LogoField } from './logo';
import { useTelling } from './use-telling';
import { unwrap } from '@/lib/api/client';
import type { Mailbox } from '@/lib/api/settings';

type Letterhead = Required<Mailbox['letterhead']>;
interface Draft extends Letterhead {
  address: string;
  title: string;
}

export const MAILBOXES: Kind<Mailbox, Draft> = {
  name: 'mailboxes',
  part: 'mailboxes',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/mailboxes'))).items,
  save: (api, id, { brand, colour, logo_url, signatures, show_agent, agent_in_sender, quoted_messages }) =>
    unwrap(api.PUT('/v1/mailboxes/{id}/letterhead', { params: { path: { id: id ?? '' } }, body: { brand, colour, logo_url, signatures, show_agent, agent_in_sender, quoted_messages } })),
  ownId: true,
  fresh: null,
  draftOf: ({ address, name, letterhead: { brand = null, colour = null, logo_url = null, signatures = {}, show_agent = true, agent_in_sender = false, quoted_messages = 0 } }) => ({
    address, title: name, brand, colour, logo_url, signatures, show_agent, agent_in_sender, quoted_messages,
  }),
  versionOf: () => null,
  nameOf: ({ title }) => title,
  title: ({ name }) => name,
  facts: (mailbox, { names }) => [mailbox.address, names.group(mailbox.group), mailbox.language],
  Form: MailboxForm,
  Beside: SampleMail,
};

function MailboxForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const colour = form.bind('colour');
  return (
    <>
      <p className="admin__notice">{w('form.mailboxText', { address: form.draft.address })}</p>
      <Text of={orNothing(form.bind('brand'))} label={w('form.brand')} hint={w('form.brandHint')} most={80} />
      <Colour of={colour} />
      <LogoField of={form.bind('logo_url')} />
      <Names of={form.bind('signatures')} label={w('form.signatures')} hint={w('form.signaturesHint')} lines={3} most={4000} />
      <Part title={w('form.sender')}>
        <Toggle of={form.bind('show_agent')} label={w('form.showAgent')} hint={w('form.showAgentHint')} />
        <Toggle of={form.bind('agent_in_sender')} label={w('form.agentInSender')} hint={w('form.agentInSenderHint')} />
        <Amount of={form.bind('quoted_messages')} label={w('form.quoted')} hint={w('form.quotedHint')} empty={0} min={0} max={5} />
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
  const { draft } = form;
  const agent = w('preview.agent');
  const brand = draft.brand ?? draft.title;
  const signature = (inside(form.bind('signatures'), language).value as string | undefined) ?? draft.signatures['en'] ?? '';
  const filled = signature.replaceAll(/\{\{\s*agent\s*\}\}/g, draft.show_agent ? agent : '').replaceAll(/\{\{\s*desk\s*\}\}/g, brand).replaceAll(/\{\{\s*mailbox\s*\}\}/g, draft.title);
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.mailFrom', { sender: draft.agent_in_sender && draft.show_agent ? `${agent} (${brand})` : brand, address: draft.address })}</p>
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
