// A webhook as it is written in the form, and as it is sent.
import type { Webhook, WebhookIn } from '@/lib/api/types';

/** One header; without a value the one that is kept stays. */
export interface Header {
  name: string;
  value: string;
  kept: boolean;
}

export interface Draft {
  name: string;
  url: string;
  active: boolean;
  description: string;
  template: string;
  headers: readonly Header[];
}

export const EMPTY: Draft = { name: '', url: 'https://', active: true, description: '', template: '', headers: [] };

export const draftOf = ({ name, url, active, description, template, headers }: Webhook): Draft => ({
  name,
  url,
  active,
  description,
  template,
  headers: headers.map((header) => ({ name: header, value: '', kept: true })),
});

export function bodyOf({ name, url, active, description, template, headers }: Draft): WebhookIn {
  const named = headers.filter((one) => one.name.trim() !== '');
  return {
    name: name.trim(),
    url: url.trim(),
    active,
    description,
    template: template.trim(),
    headers: Object.fromEntries(named.map((one) => [one.name.trim().toLowerCase(), one.value === '' && one.kept ? null : one.value])),
  };
}
