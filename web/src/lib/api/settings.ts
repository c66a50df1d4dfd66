// The shapes of settings, all taken from the generated schema so that the pages of admins cannot drift from the API.
import type { Item, Me, Ok, Sent } from '@/lib/api/types';

export type Permission = Me['permissions'][number];
export type Words = Readonly<Record<string, string>>;
export type AgentIn = Sent<'/v1/agents/{id}', 'put'>;
export type Role = Item<Ok<'/v1/roles', 'get'>>;
export type Plan = Item<Ok<'/v1/plans', 'get'>>;
export type CategorySetting = Item<Ok<'/v1/settings/categories', 'get'>>;
export type Form = Item<Ok<'/v1/forms', 'get'>>;
export type FormElement = NonNullable<Form['elements']>[number];
export type FormCondition = NonNullable<FormElement['when']>[number];
export type Matrix = Ok<'/v1/settings/priority-matrix', 'get'>;
export type Assignment = Item<Ok<'/v1/assignments', 'get'>>;
export type Mailbox = Item<Ok<'/v1/mailboxes', 'get'>>;
export type MailTemplate = Ok<'/v1/mail-templates/{kind}/{language}', 'get'>;
export type MailTemplateRow = Item<Ok<'/v1/mail-templates', 'get'>>;
export type BlockedSender = Item<Ok<'/v1/blocked-senders', 'get'>>;
export type Mail = Item<Ok<'/v1/mails', 'get'>>;
export type CannedResponse = Item<Ok<'/v1/canned-responses', 'get'>>;
export type SettingVersion = Item<Ok<'/v1/settings/versions', 'get'>>;
export type SettingsDifference = Ok<'/v1/settings/import', 'post'>;
export type AuditEntry = Item<Ok<'/v1/audit', 'get'>>;
export type Organization = Item<Ok<'/v1/organizations', 'get'>>;
export type Person = Item<Ok<'/v1/people', 'get'>>;
