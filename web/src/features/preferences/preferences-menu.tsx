// How the page looks and speaks for me, how I work here, and the ways to all that is set up.
import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useNavigate } from 'react-router';
import { Anchor, useOpening } from '@/components/anchor';
import { IconBell, IconCategory, IconCheck, IconClock, IconKeyboard, IconMacro, IconMoon, IconSettings, IconSignOut, IconSmile, IconSun, IconSystem } from '@/components/icons';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { setHabit, useHabit, type Habit } from '@/lib/data/habits';
import { writesRules } from '@/lib/data/rules';
import { makesPromises } from '@/lib/data/sla';
import { canNotify, mayNotify } from '@/lib/device';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { writeJson } from '@/lib/storage';
import { SATISFACTION_PATH, SETTINGS_PATH } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';
import './preferences.css';

const SCHEMES = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconSystem],
] as const satisfies readonly (readonly [MantineColorScheme, typeof IconSun])[];

interface PreferencesMenuProps {
  at: HTMLElement;
  opened: boolean;
  onChange: (opened: boolean) => void;
  onShortcuts: () => void;
}

// Not in a portal: on a phone it opens inside a modal dialog, beside which everything else is inert.
export function PreferencesMenu({ at, opened, onChange, onShortcuts }: PreferencesMenuProps) {
  const t = useT();
  const language = useLanguage();
  const { api, session, changeLanguage } = useDesk();
  const { data: me } = useMe();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The trail tells of it; whether it could be told must keep nobody from leaving.
  const leave = () => {
    api.POST('/v1/me/sign-out', { keepalive: true }).catch(() => undefined);
    session.signOut();
  };
  return (
    <Menu id={at.id} opened={useOpening(opened)} onChange={onChange} position="top-start" width={256} withinPortal={false}>
      <Menu.Target>
        <Anchor at={at} />
      </Menu.Target>
      <Menu.Dropdown className="me__all">
        <div className="me__who">
          <span className="me__full">{me?.name}</span>
          <span className="me__mail">{me?.email}</span>
        </div>
        <Menu.Divider />
        <Menu.Label>{t('me.look')}</Menu.Label>
        {SCHEMES.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            closeMenuOnClick={false}
            leftSection={<Icon size={16} stroke={1.6} />}
            rightSection={colorScheme === scheme && <IconCheck size={16} />}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`me.scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('me.language')}</Menu.Label>
        {LANGUAGES.map((other) => (
          <Menu.Item
            key={other}
            lang={other}
            closeMenuOnClick={false}
            rightSection={language === other && <IconCheck size={16} />}
            onClick={() => {
              writeJson('desk.language', other);
              void changeLanguage(other);
            }}
          >
            {LANGUAGE_NAMES[other]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('me.working')}</Menu.Label>
        {HABITS.map(
          (name) =>
            (name !== 'hold' || (me?.hold_seconds ?? 0) > 0) && (name !== 'notify' || canNotify()) && <HabitItem key={name} name={name} />,
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconBell size={16} stroke={1.6} />} onClick={() => void navigate(SETTINGS_PATH)}>
          {t('me.settings')}
        </Menu.Item>
        {makesPromises(me) && (
          <Menu.Item leftSection={<IconSettings size={16} stroke={1.6} />} onClick={() => void navigate('/admin')}>
            {t('me.admin')}
          </Menu.Item>
        )}
        {makesPromises(me) && (
          <Menu.Item leftSection={<IconClock size={16} stroke={1.6} />} onClick={() => void navigate('/sla')}>
            {t('me.promises')}
          </Menu.Item>
        )}
        {makesPromises(me) && (
          <Menu.Item leftSection={<IconCategory size={16} stroke={1.6} />} onClick={() => void navigate('/triage')}>
            {t('me.triage')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconSmile size={16} stroke={1.6} />} onClick={() => void navigate(SATISFACTION_PATH)}>
          {t('me.satisfaction')}
        </Menu.Item>
        {writesRules(me) && (
          <Menu.Item leftSection={<IconMacro size={16} stroke={1.6} />} onClick={() => void navigate('/rules')}>
            {t('me.rules')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.6} />} rightSection={<span className="menu-keys">?</span>} onClick={onShortcuts}>
          {t('keys.title')}
        </Menu.Item>
        <Menu.Item leftSection={<IconSignOut size={16} stroke={1.6} />} onClick={leave}>
          {t('me.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const HABITS = ['hold', 'next', 'dense', 'rich', 'keys', 'notify'] as const satisfies readonly Habit[];

function HabitItem({ name }: { name: Habit }) {
  const t = useT();
  const on = useHabit(name);
  const choose = async (): Promise<void> => {
    // Only who wants to be told is asked by the browser.
    if (name !== 'notify' || on || (await mayNotify())) setHabit(name, !on);
    else toast(t('device.refused'), null, 'problem');
  };
  return (
    <Menu.Item closeMenuOnClick={false} rightSection={on && <IconCheck size={16} role="img" aria-label={t('me.on')} />} onClick={() => void choose()}>
      {t(`me.habit.${name}`)}
    </Menu.Item>
  );
}
