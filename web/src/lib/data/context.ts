// What every feature of the desk's page is handed: the API, the session and the desk's configuration.
import { createContext, use } from 'react';
import type { Api } from '@/lib/api/client';
import type { DeskConfig } from '@/lib/config';
import type { Language } from '@/lib/i18n/languages';
import type { Session } from '@/lib/oidc/session';

interface Desk {
  api: Api;
  session: Session;
  config: DeskConfig;
  changeLanguage: (language: Language) => Promise<void>;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (!desk) throw new Error('useDesk outside of DeskContext');
  return desk;
}
