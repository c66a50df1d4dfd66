// A setting is written: what was typed is kept, what is wrong is said where it stands, and nobody's change is lost unseen.
import { act, configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Navigate, Route, Routes } from 'react-router';
import { describe, expect, test } from 'vitest';
import { AdminPage } from './admin-page';
import { shownElements } from './shown-elements';
import type { FormCondition } from '@/lib/api/settings';
import { me } from '@/lib/testing/examples';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 5000 }); // words are fetched with the page

const NOTHING = { body: { items: [], next_cursor: null } };
const billing = { id: 'billing', names: { en: 'Billing' }, descriptions: {}, group: null, public: true, version: 3 };
const ANSWERS: Answers = {
  'GET /v1/me': () => ({ body: { ...me, permissions: ['read', 'change_settings'] } }),
  'GET /v1/groups': () => NOTHING,
  'GET /v1/agents': () => NOTHING,
  'GET /v1/categories': () => NOTHING,
  'GET /v1/settings/categories': () => ({ body: { items: [billing] } }),
};

const page = (at: string) => (
  <Routes>
    <Route path="/admin/*" element={<AdminPage />} />
    <Route path="*" element={<Navigate to={at} />} />
  </Routes>
);

const put = (version: number): Answers => ({ 'PUT /v1/categories/billing': ({ headers, body }) => (headers.get('if-match') === `"${version}"` ? { body: { ...(body as object), id: 'billing', version: version + 1 } } : { status: 409, body: { code: 'stale_version', detail: 'x' } }) });

async function writing(answers: Answers) {
  const net = network({ ...ANSWERS, ...answers });
  await act(() => renderInDesk(page('/admin/categories/billing'), net));
  const name = await screen.findByLabelText('Name, English');
  await userEvent.type(name, ' and refunds');
  return net;
}

interface Draft {
  titles: Record<string, string>;
  logo_url: string | null;
}

const home = ({ titles, logo_url: logo }: Draft) => (logo === null ? { body: { html: `<html lang="en"><head></head><body>${titles['en']}</body></html>` } } : { status: 400, body: { code: 'invalid', detail: 'x', errors: [{ pointer: '/logo_url', message: 'must begin with https' }] } });

/** What is in a frame once it is there. */
const drawn = (frame: HTMLIFrameElement): Promise<HTMLElement> =>
  waitFor(() => {
    const body = frame.contentDocument?.body;
    if (!body?.firstElementChild) throw new Error('empty');
    return body;
  });

describe('a brand', { timeout: 20_000 }, () => {
  test('says whether its colour can be read, and gives the line for a website', async () => {
    const lamps = { id: 'lamps', names: { en: 'Bright Lamps' }, colour: '#ffe600', sites: ['https://shop.test'], version: 1 };
    const net = network({ ...ANSWERS, 'POST /v1/brands/lamps/help-preview': ({ body }) => home(body as Draft), 'GET /v1/brands': () => ({ body: { items: [lamps] } }), 'GET /v1/mailboxes': () => NOTHING, 'PUT /v1/brands/lamps': ({ body }) => ({ body: { ...(body as object), id: 'lamps', version: 2 } }) });
    await act(() => renderInDesk(page('/admin/brands/lamps'), net));
    expect(await screen.findByText(/white could not be read \(1\.\d : 1\)/)).toBeTruthy();
    expect((await screen.findByLabelText<HTMLTextAreaElement>('Line for your website')).value).toBe(`<script src="${location.origin}/embed.js" data-brand="lamps" async></script>`);
    await userEvent.type(screen.getByLabelText('Question over the form, English'), 'Lamp?');
    const frame = await screen.findByTitle<HTMLIFrameElement>('The first page of the portal');
    expect(await within(await drawn(frame)).findByRole('heading', { name: 'Lamp?' })).toBeTruthy();
    expect(net.calls.filter(({ path }) => path.endsWith('/help-preview'))).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Help centre' }));
    const help = await screen.findByTitle<HTMLIFrameElement>('The home of the help centre');
    expect(help.getAttribute('sandbox')).toBe('allow-same-origin');
    expect(help.srcdoc).toMatch(/^<html style="color-scheme: light" lang="en"><head><base target="_blank">.*Lamp\?/);
    await userEvent.click(screen.getByRole('button', { name: 'Dark' }));
    expect(screen.getByTitle<HTMLIFrameElement>('The home of the help centre').srcdoc).toContain('color-scheme: dark');
    await userEvent.type(screen.getByLabelText('Logo'), 'http://lamp');
    expect(await screen.findByText('must begin with https')).toBeTruthy();
    expect(screen.getByTitle<HTMLIFrameElement>('The home of the help centre').srcdoc).toContain('Lamp?');
    await userEvent.clear(screen.getByLabelText('Logo'));
    await waitFor(() => expect(screen.queryByText('must begin with https')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(net.calls.find(({ method }) => method === 'PUT')?.body).toMatchObject({ titles: { en: 'Lamp?' }, colour: '#ffe600', mailboxes: [] }));
  });
});

describe('a survey', { timeout: 20_000 }, () => {
  test('shows what is asked at a rating, and gives a new question an id', async () => {
    const usual = { id: 'usual', names: { en: 'Usual' }, questions: [{ id: 'why', kind: 'text', texts: { en: 'What went wrong?' }, rating_to: 2 }], version: 1 };
    const net = network({ ...ANSWERS, 'GET /v1/survey-plans': () => ({ body: { items: [usual] } }), 'GET /v1/mailboxes': () => NOTHING, 'PUT /v1/survey-plans/usual': ({ body }) => ({ body: { ...(body as object), id: 'usual', version: 2 } }) });
    await act(() => renderInDesk(page('/admin/surveys/usual'), net));
    expect(await screen.findByText('What went wrong?')).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: '5' }));
    expect(screen.queryByText('What went wrong?')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Add a question' }));
    const [, added] = screen.getAllByLabelText('Question, English');
    if (added) await userEvent.type(added, 'Again?');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    const saved = await waitFor(() => net.calls.find(({ method }) => method === 'PUT')?.body as { questions: { id: string }[] });
    expect(saved.questions.map(({ id }) => id)).toEqual(['why', 'again']);
  });
});

describe('a category', { timeout: 20_000 }, () => {
  test('is only offered with the settings that one may change', async () => {
    await act(() => renderInDesk(page('/admin'), network(ANSWERS)));
    expect(await screen.findByText('Categories')).toBeTruthy();
    expect(screen.queryByText('Agents')).toBeNull();
    expect(screen.queryByText('Audit trail')).toBeNull();
  });

  test('is kept while one looks elsewhere, and saved at the version that was seen', async () => {
    const net = await writing(put(3));
    await userEvent.click(screen.getByRole('button', { name: 'Back to Categories' }));
    expect((await screen.findAllByText('Not saved yet')).length).toBeGreaterThan(0);
    await userEvent.click(screen.getByRole('link', { name: /Billing.*Not saved yet/ }));
    expect((await screen.findByLabelText<HTMLInputElement>('Name, English')).value).toBe('Billing and refunds');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(net.calls.find(({ method }) => method === 'PUT')?.body).toMatchObject({ names: { en: 'Billing and refunds' }, public: true }));
    await waitFor(() => expect(screen.queryByText('Not saved yet')).toBeNull());
  });

  test('says what is wrong where it stands', async () => {
    await writing({ 'PUT /v1/categories/billing': () => ({ status: 400, body: { code: 'invalid', detail: 'x', errors: [{ pointer: '/names', message: 'is missing' }] } }) });
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.getByLabelText('Name, English').getAttribute('aria-describedby')).not.toBeNull());
    expect(screen.getAllByText(/is missing/).length).toBe(2);
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
  });

  test('that somebody else changed meanwhile is saved over only when that is said', async () => {
    let version = 3;
    const net = await writing({ ...put(4), 'GET /v1/settings/categories': () => ({ body: { items: [{ ...billing, version }] } }) });
    version = 4;
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Save mine over it' }));
    await waitFor(() => expect(net.calls.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('if-match'))).toEqual(['"3"', '"4"']));
  });
});

test('what a condition hides is empty for those further down', () => {
  const element = (field: string, ...when: FormCondition[]) => ({ field, when });
  const elements = [element('kind'), element('model', { of: 'fields/kind', equals: 'lamp' }), element('year', { of: 'fields/model', filled: true }), element('other', { of: 'fields/kind', one_of: ['chair', 'desk'] })];
  const shown = (kind: string): string[] => shownElements(elements, { category: '', type: 'request' }, { kind, model: 'HB300' }).map(({ field }) => field);
  expect(shown('lamp')).toEqual(['kind', 'model', 'year']);
  expect(shown('chair')).toEqual(['kind', 'other']);
});
