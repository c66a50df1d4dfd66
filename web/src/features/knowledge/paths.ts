// Addresses of articles among colleagues: every state has one.
import type { Language } from '@/lib/i18n/languages';
import { KNOWLEDGE_PATH as KNOWLEDGE } from '@/lib/tickets/views';

export { KNOWLEDGE };
export const NEW = 'new';

export const articlePath = (id: string, language?: Language): string => `${KNOWLEDGE}/articles/${encodeURIComponent(id)}${language === undefined ? '' : `?language=${language}`}`;

interface Begun {
  title?: string;
  language?: string;
}

/** A new article, begun with what somebody looked for. */
export function newPath(begun: Begun = {}): string {
  const query = new URLSearchParams(Object.entries(begun).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''));
  return `${KNOWLEDGE}/articles/${NEW}${query.size > 0 ? `?${query.toString()}` : ''}`;
}
