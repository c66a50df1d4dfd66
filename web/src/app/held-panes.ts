// Held mail is looked at now and then: its code comes when it is asked for.
export { HeldList } from '@/features/held/held-list';
export { HeldMail, NoHeldMail } from '@/features/held/held-mail';
