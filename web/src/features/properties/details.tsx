// The rest of what describes a ticket: type, product, impact and urgency, due date, followers, and the fields of this desk.
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { IconCalendar, IconPlus } from '@/components/icons';
import { TimeDialog } from '@/components/time-dialog';
import { FieldProperty } from './field-property';
import { Property } from './property';
import { Section } from './section';
import { useChange } from '@/lib/data/use-change';
import { useRefused } from './use-refused';
import { LEVELS, TYPES, type Level, type Ticket, type TicketType } from '@/lib/api/types';
import { follow, useAct } from '@/lib/data/acts';
import { useFields, useNamed, useProducts } from '@/lib/data/catalogue';
import { useAgents, useMe, useNames } from '@/lib/data/directory';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';

type Picker = 'type' | 'product' | 'impact' | 'urgency' | 'followers' | `field-${string}`;

export function Details({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const named = useNamed();
  const { data: products = [] } = useProducts();
  const { data: fields = [] } = useFields();
  const change = useChange(ticket.id);
  const [picker, setPicker] = useState<Picker | null>(null);
  const pick = (name: Picker) => ({ opened: picker === name, onOpenChange: (opened: boolean) => setPicker(opened ? name : null) });
  const none = (text: string) => <span className="property__none">{text}</span>;

  const shownFields = fields.filter((field) => field.active !== false || (ticket.fields[field.id] ?? null) !== null).toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0));
  const product = products.find((item) => item.id === ticket.product);
  const levels = LEVELS.map((level) => ({ value: level, label: t(`level.${level}`) }));
  return (
    <Section name="details" title={t('property.details')}>
      <Property
        name={t('property.type')}
        options={TYPES.map((type) => ({ value: type, label: t(`type.${type}`) }))}
        value={ticket.type}
        shown={t(`type.${ticket.type}`)}
        onChoose={(type) => change({ type: type as TicketType })}
        {...pick('type')}
      />
      {products.length > 0 && (
        <Property
          name={t('property.product')}
          options={[{ value: null, label: t('property.noProduct') }, ...products.filter((item) => item.active !== false).map((item) => ({ value: item.id, label: named(item) }))]}
          value={ticket.product}
          shown={product ? named(product) : none(t('property.empty'))}
          onChoose={(chosen) => change({ product: chosen })}
          {...pick('product')}
        />
      )}
      {(['impact', 'urgency'] as const).map((name) => (
        <Property
          key={name}
          name={t(`property.${name}`)}
          options={[{ value: null, label: t('property.empty') }, ...levels]}
          value={ticket[name]}
          shown={ticket[name] === null ? none(t('property.empty')) : t(`level.${ticket[name]}`)}
          onChoose={(level) => change({ [name]: level as Level | null })}
          {...pick(name)}
        />
      ))}
      <Due ticket={ticket} />
      <Followers ticket={ticket} {...pick('followers')} />
      {shownFields.map((field) => (
        <FieldProperty key={field.id} field={field} value={ticket.fields[field.id] ?? null} onChange={(value) => change({ fields: { [field.id]: value } })} {...pick(`field-${field.id}`)} />
      ))}
    </Section>
  );
}

function Due({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const now = useNow();
  const language = useLanguage();
  const change = useChange(ticket.id);
  const [choosing, setChoosing] = useState(false);
  const late = ticket.due_at !== null && Date.parse(ticket.due_at) < now;
  return (
    <div className="property">
      <span className="property__name">{t('property.due')}</span>
      <button type="button" className="property__value" onClick={() => setChoosing(true)}>
        <IconCalendar size={16} stroke={1.6} aria-hidden="true" />{' '}
        {ticket.due_at === null ? <span className="property__none">{t('property.empty')}</span> : <span className={late ? 'property__late' : undefined}>{moment(ticket.due_at, language)}</span>}
      </button>
      {choosing && (
        <TimeDialog
          title={t('property.due')}
          {...(ticket.due_at === null ? {} : { without: { label: t('property.noDue') } })}
          confirm={t('property.setDue')}
          onChoose={(at) => {
            setChoosing(false);
            change({ due_at: at });
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}

function Followers({ ticket, opened, onOpenChange }: { ticket: Ticket; opened: boolean; onOpenChange: (opened: boolean) => void }) {
  const t = useT();
  const names = useNames();
  const { data: me } = useMe();
  const { data: agents = [] } = useAgents();
  const act = useAct(ticket.id, useRefused());
  const following = (id: string): boolean => ticket.followers.includes(id);
  return (
    <Property
      name={t('property.followers')}
      options={agents.toSorted((one, other) => Number(other.id === me?.id) - Number(one.id === me?.id)).map((agent) => ({
        value: agent.id,
        label: agent.id === me?.id ? t('property.me', { name: agent.name }) : agent.name,
        icon: <Avatar name={agent.name} seed={agent.id} size={20} />,
        ...(following(agent.id) ? { hint: t('property.follows') } : {}),
      }))}
      value=""
      shown={
        ticket.followers.length === 0 ? (
          <>
            <IconPlus size={14} aria-hidden="true" /> <span className="property__none">{t('property.noFollowers')}</span>
          </>
        ) : (
          <span className="followers">
            {ticket.followers.map((id) => (
              <span key={id} title={names.agent(id) ?? undefined}>
                <Avatar name={names.agent(id) ?? '?'} seed={id} size={20} />
                <span className="visually-hidden">{names.agent(id)}</span>
              </span>
            ))}
          </span>
        )
      }
      onChoose={(agent) => agent !== null && act(follow(ticket.id, agent, !following(agent)))}
      opened={opened}
      onOpenChange={onOpenChange}
    />
  );
}
