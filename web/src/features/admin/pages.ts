// Every page of the administration: where it is, in which section, and who needs it.
import type { Permission } from '@/lib/api/settings';
import type english from '@/locales/admin/en.json';

type PageName = keyof typeof english.pages;
export type SectionName = keyof typeof english.sections;

interface Page {
  name: PageName;
  /** Where it lies when that is not `/admin/` and its name. */
  path?: string;
  needs: Permission;
}

export const SECTIONS: readonly (readonly [SectionName, readonly Page[]])[] = [
  [
    'people',
    [
      { name: 'agents', needs: 'manage_agents' },
      { name: 'groups', needs: 'manage_agents' },
      { name: 'roles', needs: 'manage_agents' },
      { name: 'plans', needs: 'change_settings' },
    ],
  ],
  [
    'customers',
    [
      { name: 'people', needs: 'change_people' },
      { name: 'organizations', needs: 'change_people' },
    ],
  ],
  [
    'tickets',
    [
      { name: 'categories', needs: 'change_settings' },
      { name: 'products', needs: 'change_settings' },
      { name: 'fields', needs: 'change_settings' },
      { name: 'forms', needs: 'change_settings' },
      { name: 'statuses', needs: 'change_settings' },
      { name: 'priorities', needs: 'change_settings' },
    ],
  ],
  [
    'answers',
    [
      { name: 'canned', needs: 'supervise' },
      { name: 'macros', needs: 'supervise' },
      { name: 'checklists', needs: 'supervise' },
    ],
  ],
  [
    'portal',
    [
      { name: 'brands', needs: 'change_settings' },
      { name: 'surveys', needs: 'change_settings' },
      { name: 'community', needs: 'change_settings' },
      { name: 'moderation', needs: 'moderate_community' },
    ],
  ],
  [
    'mail',
    [
      { name: 'mailboxes', needs: 'change_settings' },
      { name: 'templates', needs: 'change_settings' },
      { name: 'blocked', needs: 'supervise' },
      { name: 'mails', needs: 'supervise' },
    ],
  ],
  [
    'flow',
    [
      { name: 'assignments', needs: 'change_settings' },
      { name: 'triage', path: '/triage', needs: 'supervise' },
      { name: 'rules', path: '/rules', needs: 'change_settings' },
      { name: 'promises', path: '/sla', needs: 'supervise' },
      { name: 'calendars', path: '/sla/calendars', needs: 'supervise' },
    ],
  ],
  [
    'privacy',
    [
      { name: 'retention', needs: 'export_and_erase' },
      { name: 'privacy', needs: 'export_and_erase' },
    ],
  ],
  [
    'desk',
    [
      { name: 'general', needs: 'change_settings' },
      { name: 'audit', needs: 'read_audit' },
      { name: 'file', needs: 'change_settings' },
    ],
  ],
];

export const pathOf = (page: Page): string => page.path ?? `/admin/${page.name}`;

export type { Page };
