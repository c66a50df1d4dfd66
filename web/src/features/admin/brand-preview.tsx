// A brand's first pages as customers would see them with what is not saved yet: on a phone or a computer, by day or by night, in
// each of its languages. The portal's is the page itself, fetched when an admin looks; the help centre's is made by the server.
import './brand-preview.css';
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useEffect, useMemo, useRef, useState } from 'react';
import { choosable, siteFor, spokenBy } from './brand-site';
import { HelpPreview, useHelpHome } from './help-preview';
import { useTelling } from './use-telling';
import { Dialog } from '@/components/dialog';
import { Segments } from '@/components/segments';
import { unwrap } from '@/lib/api/client';
import type { ApiError } from '@/lib/api/problem';
import type { Brand } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useDeskName } from '@/lib/data/desk-name';
import { LANGUAGE_NAMES, type Language } from '@/lib/i18n/languages';

// The one piece of the portal that the agents' pages know.
const PortalPreview = lazy(() => import('@/portal/preview'));

const WIDTHS = { phone: 390, computer: 1280 } as const;
const LOWEST_PX = 320;
type Device = keyof typeof WIDTHS;
const ROOMS = ['portal', 'help'] as const;
type Room = (typeof ROOMS)[number];

/** How it is looked at. */
interface Look {
  room: Room;
  device: Device;
  dark: boolean;
  language: Language;
}

/** `saved`: there are pages of it that can be looked at. */
export function BrandPreview({ brand, saved }: { brand: Brand; saved: boolean }) {
  const { w, language: own } = useTelling();
  const night = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark';
  const [wanted, setLook] = useState<Look>({ room: 'portal', device: 'phone', dark: night, language: own });
  const [large, setLarge] = useState(false);
  const spoken = spokenBy(brand);
  // A language that the brand has just lost is no longer shown.
  const look: Look = { ...wanted, language: spoken.includes(wanted.language) ? wanted.language : (spoken[0] ?? own) };
  const change = (part: Partial<Look>): void => setLook((before) => ({ ...before, ...part }));
  const shown = (
    <>
      <Choices look={look} spoken={spoken} onChange={change} />
      <Screen brand={brand} look={look} onLanguage={(language) => change({ language })} />
    </>
  );
  return (
    <section className="brand-look" aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.brand')}</p>
      {!large && shown}
      <div className="brand-look__foot">
        {saved && brand.active !== false ? (
          <p className="setup__text">
            {w('preview.saved')}{' '}
            <a href={addressOf(brand, 'portal')} target="_blank" rel="noopener">
              {w('preview.portal')}
            </a>
            {' · '}
            <a href={addressOf(brand, 'help')} target="_blank" rel="noopener">
              {w('preview.help')}
            </a>
          </p>
        ) : (
          <p className="setup__text">{addressOf(brand, 'portal')}</p>
        )}
        <button type="button" className="link" onClick={() => setLarge(true)}>
          {w('preview.larger')}
        </button>
      </div>
      {large && (
        <Dialog title={w('preview.title')} wide onClose={() => setLarge(false)}>
          <div className="brand-look brand-look--large">{shown}</div>
        </Dialog>
      )}
    </section>
  );
}

const addressOf = ({ id, hosts = [] }: Brand, room: Room): string => (hosts[0] === undefined ? `${location.origin}/${room}/b/${id || '…'}` : `https://${hosts[0]}/${room}`);

function Choices({ look, spoken, onChange }: { look: Look; spoken: readonly Language[]; onChange: (part: Partial<Look>) => void }) {
  const { w } = useTelling();
  return (
    <div className="brand-look__choices">
      <Segments label={w('preview.room')} of={ROOMS.map((room) => ({ name: w(`preview.${room}`), on: look.room === room, choose: () => onChange({ room }) }))} />
      <Segments label={w('preview.width')} of={(['phone', 'computer'] as const).map((device) => ({ name: w(`preview.${device}Width`), on: look.device === device, choose: () => onChange({ device }) }))} />
      <Segments label={w('preview.light')} of={[false, true].map((dark) => ({ name: w(dark ? 'preview.night' : 'preview.day'), on: look.dark === dark, choose: () => onChange({ dark }) }))} />
      {spoken.length > 1 && <Segments label={w('preview.language')} of={spoken.map((language) => ({ name: LANGUAGE_NAMES[language], on: look.language === language, choose: () => onChange({ language }) }))} />}
    </div>
  );
}

/** The page at its own width, made as small as there is room: styles are set on the elements, as no style sheet knows the room. */
function Screen({ brand, look, onLanguage }: { brand: Brand; look: Look; onLanguage: (language: Language) => void }) {
  const { w } = useTelling();
  const { api, config } = useDesk();
  const desk = useDeskName();
  const room = useRef<HTMLDivElement>(null);
  const { data: categories } = useQuery({ queryKey: ['settings', 'categories', 'named'], queryFn: async () => (await unwrap(api.GET('/v1/settings/categories'))).items });
  const { data: community } = useQuery({ queryKey: ['settings', 'community', 'open'], queryFn: async () => openToAll(await unwrap(api.GET('/v1/settings/community'))) });
  const { room: shown, device, dark, language } = look;
  const home = useHelpHome(brand, language, shown === 'help');
  const site = useMemo(() => siteFor(brand, language, community ?? false), [brand, language, community]);
  const cards = useMemo(() => choosable(categories ?? [], brand, language), [categories, brand, language]);
  useEffect(() => {
    const element = room.current;
    return element ? fitted(element, WIDTHS[device]) : undefined;
  }, [device]);
  return (
    <div ref={room} className="brand-look__room">
      <div className="brand-look__screen">
        {/* It stays there unseen: what was tried in it is not lost. */}
        <div hidden={shown !== 'portal'}>
          <Suspense>
            <PortalPreview base={config.apiBase} title={w('preview.frame')} site={site} brand={desk} categories={cards} language={language} onLanguage={onLanguage} dark={dark} />
          </Suspense>
        </div>
        {shown === 'help' && home.html !== null && <HelpPreview title={w('preview.helpFrame')} html={home.html} dark={dark} onLanguage={onLanguage} />}
      </div>
      {shown === 'help' && home.refused && <Refused error={home.refused} />}
    </div>
  );
}

/** Why what is written now is not what is shown. */
function Refused({ error: { errors, detail } }: { error: ApiError }) {
  const { w } = useTelling();
  return (
    <div className="brand-look__refused" role="status">
      <p>{errors.length > 0 ? w('preview.helpRefused') : w('preview.helpFailed', { detail })}</p>
      <ul>
        {errors.slice(0, 4).map(({ pointer, message }) => (
          <li key={pointer + message}>
            <code>{pointer.replace(/^\//, '')}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

const openToAll = ({ enabled, signed_in_only: members }: { enabled?: boolean; signed_in_only?: boolean }): boolean => enabled === true && members !== true;

/** Keeps a page of a width inside its room, however the room changes. */
function fitted(room: HTMLElement, width: number): () => void {
  const fit = (): void => {
    const scale = Math.min(1, Math.max(room.clientWidth, 1) / width);
    room.style.setProperty('--page-width', `${width}px`);
    room.style.setProperty('--page-scale', String(scale));
    room.style.setProperty('--page-height', `${Math.max(room.clientHeight, LOWEST_PX) / scale}px`);
  };
  const observer = new ResizeObserver(fit);
  observer.observe(room);
  fit();
  return () => observer.disconnect();
}
