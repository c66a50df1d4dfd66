// Dialogs that are fetched when somebody asks for them.
export { TimeDialog } from '@/components/time-dialog';
export { TicketDialog } from '@/features/choose-ticket/ticket-dialog';
