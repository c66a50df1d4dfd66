// What every page of the portal is handed: the API, whose portal it is, and its words in the reader's language.
import { createContext, use } from 'react';
import type { Api } from '@/lib/api/client';
import type { PortalVisitor, Site } from '@/lib/api/types';
import type { Language } from '@/lib/i18n/languages';
import type { Words } from './words';

interface Portal {
  api: Api;
  brand: string;
  /** Whose pages these are. */
  site: Site;
  t: Words;
  language: Language;
  /** Who is signed in; null: nobody, or it is not known yet. */
  visitor: PortalVisitor | null;
  /** Goes on in another language, if there are words for it and the address does not insist on one. */
  speak: (language: string) => Promise<void>;
  /** Shown to who sets it up: what is tried there is not kept. */
  sample?: boolean;
}

export const PortalContext = createContext<Portal | null>(null);

export function usePortal(): Portal {
  const portal = use(PortalContext);
  if (!portal) throw new Error('usePortal outside of PortalContext');
  return portal;
}
