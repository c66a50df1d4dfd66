import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { HeldList } from './held-list';
import { HeldMail } from './held-mail';
import { verdictsOf } from './held-words';
import type { HeldMailPreview } from '@/lib/api/types';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';
import { currentToasts } from '@/lib/toasts';

const mail: HeldMailPreview = {
  id: 'mail_1',
  received_at: '2026-11-01T10:00:00.000Z',
  sender: 'ceo@acme.test',
  sender_name: 'The boss',
  recipients: ['help@desk.test'],
  subject: 'Urgent payment',
  size: 900,
  reasons: ['sender_not_authenticated'],
  verdicts: { spam: 'PASS', virus: 'DISABLED', spf: 'FAIL', dkim: 'GRAY', dmarc: 'FAIL' },
  headers: [],
  body_text: 'Pay now',
  body_html: null,
  remote_images: false,
  attachments: [{ filename: 'bill.pdf', content_type: 'application/pdf', size: 2_000, inline: false }],
  automatic: null,
  problems: [],
  shortened: false,
};
const at = '/v1/suspended-mails';

async function look(answers: Answers = {}, shown: HeldMailPreview = mail) {
  const net = network({ [`GET ${at}`]: () => ({ body: { items: [shown], next_cursor: null } }), [`GET ${at}/mail_1`]: () => ({ body: shown }), ...answers });
  await renderInDesk(<HeldMail id="mail_1" alone={false} onBack={() => undefined} />, net);
  await screen.findByRole('heading', { name: shown.subject ?? 'No subject' });
  return { made: (method: string) => net.calls.filter((call) => call.method === method).map((call) => call.path) };
}

describe('a mail that was held back', () => {
  test('says why in plain words, shows its text, names its files and offers none', async () => {
    await look();
    expect(screen.getByText('Sender may be forged')).toBeDefined();
    expect(screen.getByText('Pay now')).toBeDefined();
    expect(screen.getByText('bill.pdf').closest('a,button')).toBeNull();
  });
  test('is let in with one key, and the ticket it became is one click away', async () => {
    const { made } = await look({ [`POST ${at}/mail_1/release`]: () => ({ body: { id: 'mail_1', outcome: 'ticket', ticket_id: 'tic_1', message_id: 'm1' } }) });
    await userEvent.keyboard('i');
    await waitFor(() => expect(currentToasts().at(-1)?.action?.label).toBe('Open ticket'));
    expect(made('POST')).toEqual([`${at}/mail_1/release`]);
  });
  test('is deleted only after the button that names the act', async () => {
    const { made } = await look();
    await userEvent.keyboard('#');
    expect(made('DELETE')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
    expect(made('DELETE')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    await userEvent.click(screen.getByRole('button', { name: 'Delete mail' }));
    await waitFor(() => expect(made('DELETE')).toEqual([`${at}/mail_1`]));
  });
  test('says what the desk answered when its sender cannot be blocked', async () => {
    await look({ [`POST ${at}/mail_1/block`]: () => ({ status: 409, body: { code: 'conflict', detail: 'That is a colleague.' } }) });
    await userEvent.click(screen.getByRole('button', { name: 'Block sender' }));
    await waitFor(() => expect(currentToasts().at(-1)?.text).toContain('That is a colleague.'));
  });
  test('cannot be let in when it is too large, nor blocked without a sender', async () => {
    const { made } = await look({}, { ...mail, reasons: ['too_large', 'no_sender'], sender: null, sender_name: null, body_text: null });
    await userEvent.keyboard('ib');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Let in' }).disabled).toBe(true);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Block sender' }).disabled).toBe(true);
    expect(made('POST')).toEqual([]);
  });
  test('lists only checks that were made', () => {
    expect(verdictsOf(mail).map(({ check, result }) => `${check} ${result}`)).toEqual(['spam passed', 'spf failed', 'dkim unclear', 'dmarc failed']);
  });
});

describe('the list of held mail', () => {
  test('teaches what it is for when there is none', async () => {
    await renderInDesk(<HeldList openId={null} onOpen={() => undefined} />, network({ [`GET ${at}`]: () => ({ body: { items: [], next_cursor: null } }) }));
    expect(await screen.findByText('Nothing is held back')).toBeDefined();
  });
  test('is walked with j', async () => {
    const opened: string[] = [];
    const items = [mail, { ...mail, id: 'mail_2', subject: null }];
    await renderInDesk(<HeldList openId="mail_1" onOpen={(id) => opened.push(id)} />, network({ [`GET ${at}`]: () => ({ body: { items, next_cursor: null } }) }));
    await screen.findByText('No subject');
    await userEvent.keyboard('j');
    expect(opened).toEqual(['mail_2']);
  });
});
