import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { Participants } from './participants';
import { network, renderInDesk } from '@/lib/testing/desk';
import { ticket } from '@/lib/testing/examples';
import { currentToasts } from '@/lib/toasts';

const noor = { id: 'req_2', name: 'Noor', email: 'noor@example.test', undeliverable: false, complained: false };
const shared = { ...ticket, participants: [noor] };
const at = '/v1/tickets/tic_1/participants';

describe('who takes part', () => {
  test('is added by address, with Enter', async () => {
    const net = network({ [`POST ${at}`]: () => ({ body: shared }) });
    await renderInDesk(<Participants ticket={ticket} />, net);
    await userEvent.type(screen.getByLabelText('Add someone in CC'), 'noor@example.test{Enter}');
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Add someone in CC').value).toBe(''));
    expect(net.calls.find((call) => call.path === at)?.body).toEqual({ email: 'noor@example.test' });
  });
  test('keeps the address in the field when the desk refuses, and says why', async () => {
    await renderInDesk(<Participants ticket={ticket} />, network({ [`POST ${at}`]: () => ({ status: 409, body: { code: 'conflict', detail: 'There is no room.' } }) }));
    await userEvent.type(screen.getByLabelText('Add someone in CC'), 'noor@example.test{Enter}');
    await waitFor(() => expect(currentToasts().at(-1)?.text).toContain('There is no room.'));
    expect(screen.getByLabelText<HTMLInputElement>('Add someone in CC').value).toBe('noor@example.test');
  });
  test('is removed by name', async () => {
    const net = network({ [`DELETE ${at}/req_2`]: () => ({ body: ticket }) });
    await renderInDesk(<Participants ticket={shared} />, net);
    await userEvent.click(screen.getByRole('button', { name: 'Remove Noor from CC' }));
    await waitFor(() => expect(net.calls.map((call) => `${call.method} ${call.path}`)).toContain(`DELETE ${at}/req_2`));
  });
  test('cannot change once the ticket is closed', async () => {
    await renderInDesk(<Participants ticket={{ ...shared, status: 'closed' }} />, network({}));
    expect(screen.getByText('Noor')).toBeDefined();
    expect(screen.queryByRole('button', { name: /remove/i })).toBeNull();
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});
