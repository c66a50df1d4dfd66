// The portal's pages as customers use them, over a network of answers.
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { createApi } from '@/lib/api/client';
import { network, type Answers } from '@/lib/testing/desk';
import english from '@/locales/portal/en.json';
import ApprovalPage from './approval-page';
import { PortalContext } from './context';
import { FormPage } from './form-page';
import RequestsPage from './requests-page';
import { PLAIN } from './site';
import SignInPage from './sign-in-page';
import SignOnPage from './sign-on-page';
import SurveyPage from './survey-page';
import { rememberSignedIn } from './visitor';
import { wordsOf } from './words';

const stay = () => Promise.resolve();

function show(page: React.ReactNode, answers: Answers, speak: (language: string) => Promise<void> = stay) {
  const net = network(answers);
  const portal = { api: createApi('http://desk.test', undefined, net.send), brand: 'Acme', site: PLAIN, t: wordsOf(english), language: 'en' as const, visitor: null, speak };
  render(<PortalContext value={portal}>{page}</PortalContext>);
  return { ...net, posts: () => net.calls.filter((call) => call.method === 'POST') };
}

const opened = { ticket: { id: 't1', number: 1042, status: 'new', subject: 's', created_at: '', updated_at: '', expected_reply_by: null }, access_token: 'key' };
const form = { 'GET /v1/categories': () => ({ body: { items: [{ id: 'billing', name: 'Billing' }] } }) };

async function fillIn() {
  await userEvent.click(await screen.findByText('Billing'));
  await userEvent.type(screen.getByLabelText('In one line'), 'Broken glass');
  await userEvent.type(screen.getByLabelText('What happened?'), 'Two of four.');
  await userEvent.type(screen.getByLabelText('Your e-mail address'), 'ana@example.test');
}

describe('the form', () => {
  test('opens a request with everything that was said, and shows its number', async () => {
    const { posts } = show(<FormPage />, { ...form, 'POST /v1/requests': () => ({ status: 201, body: opened }) });
    await fillIn();
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText('Your number is #1042')).toBeDefined();
    expect(posts()[0]?.body).toEqual({ requester: { email: 'ana@example.test', locale: 'en' }, subject: 'Broken glass', body: 'Two of four.', category: 'billing' });
    expect(screen.getByRole('link', { name: 'Go to my request' }).getAttribute('href')).toBe('/portal/requests/t1#t=key');
  });
  test('sends nothing while something is missing, and says what', async () => {
    const { posts } = show(<FormPage />, form);
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(screen.getAllByText('Please fill this in.')).toHaveLength(3);
    expect(document.activeElement?.getAttribute('name')).toBe('subject');
    expect(posts()).toEqual([]);
  });
  test('tries again under the same key, so that a lost answer opens no second request', async () => {
    let down = true;
    const { posts } = show(<FormPage />, { ...form, 'POST /v1/requests': () => (down ? new TypeError('offline') : { status: 201, body: opened }) });
    await fillIn();
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect((await screen.findByRole('alert')).textContent).toContain('offline');
    down = false;
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    await screen.findByText('Your number is #1042');
    const keys = posts().map((call) => call.headers.get('idempotency-key'));
    expect(posts().map((call) => call.headers.get('x-helpdesk-channel'))).toEqual(posts().map(() => 'web'));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
  test('keeps what was typed across a reload', async () => {
    show(<FormPage />, form);
    await userEvent.type(screen.getByLabelText('In one line'), 'Half a thou');
    expect(JSON.parse(sessionStorage.getItem('portal.draft') ?? '{}')).toMatchObject({ subject: 'Half a thou' });
  });
  test('shows what the desk objects to at the field it means', async () => {
    const refusal = { status: 422, body: { code: 'invalid', errors: [{ pointer: '/requester/email', message: 'bad' }] } };
    show(<FormPage />, { ...form, 'POST /v1/requests': () => refusal });
    await fillIn();
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(screen.getByLabelText('Your e-mail address').getAttribute('aria-invalid')).toBe('true'));
  });
});

describe('the survey', () => {
  const open = { ticket: { number: 1042, subject: 'Broken glass' }, state: 'open', rating: null, locale: 'en', comment: null, questions: [], answers: {}, changeable_until: null };
  test('records nothing by being opened, not even with a rating in the address', async () => {
    const { posts } = show(<SurveyPage token="tok" rating={4} />, { 'GET /v1/surveys/tok': () => ({ body: open }) });
    expect((await screen.findByRole('radio', { name: 'Good' })).matches(':checked')).toBe(true);
    expect(posts()).toEqual([]);
  });
  test('sends the tapped face with the words and says thank you', async () => {
    const answers = { 'GET /v1/surveys/tok': () => ({ body: open }), 'POST /v1/surveys/tok': () => ({ body: { ...open, state: 'answered', rating: 5 } }) };
    const { posts } = show(<SurveyPage token="tok" rating={null} />, answers);
    await userEvent.click(await screen.findByRole('radio', { name: 'Great' }));
    await userEvent.type(screen.getByRole('textbox'), 'Quick!');
    await userEvent.click(screen.getByRole('button', { name: 'Send my rating' }));
    expect(await screen.findByText(english.survey.thanksGood)).toBeDefined();
    expect(posts()[0]?.body).toEqual({ rating: 5, comment: 'Quick!' });
  });
  test('is asked in the language of its ticket', async () => {
    const asked: string[] = [];
    const speak = (language: string) => Promise.resolve(void asked.push(language));
    show(<SurveyPage token="tok" rating={null} />, { 'GET /v1/surveys/tok': () => ({ body: { ...open, locale: 'ko' } }) }, speak);
    await screen.findByRole('radio', { name: 'Good' });
    expect(asked).toEqual(['ko']);
  });
  test('that was answered or is over says so kindly', async () => {
    show(<SurveyPage token="tok" rating={null} />, { 'GET /v1/surveys/tok': () => ({ body: { ...open, state: 'expired' } }) });
    expect(await screen.findByText(english.survey.expired)).toBeDefined();
  });
  test('under a link that leads nowhere points back to the help page', async () => {
    show(<SurveyPage token="tok" rating={null} />, {});
    expect(await screen.findByText(english.link.unknownTitle)).toBeDefined();
  });
});

describe('the approval', () => {
  const open = {
    number: 1042, question: 'May we refund 90,000 won?', shown: 'It came broken.', asked_by: 'Jiwoo Park', asked_at: '2026-11-23T01:00:00.000Z',
    due_at: null, state: 'open', verdict: null, comment: '', locale: 'en',
  };
  const look = (view: object) => ({ 'GET /v1/approvals/tok': () => ({ body: view }) });
  test('shows what is asked, and answers nothing by being opened', async () => {
    const { posts } = show(<ApprovalPage token="tok" />, look(open));
    expect(await screen.findByText(open.question)).toBeDefined();
    expect(screen.getByText(open.shown)).toBeDefined();
    expect(screen.getByRole('button', { name: english.approval.send }).hasAttribute('disabled')).toBe(true);
    expect(posts()).toEqual([]);
  });
  test('sends the answer with the words, says thank you, and lets one change it', async () => {
    const answers = { ...look(open), 'POST /v1/approvals/tok': () => ({ body: { ...open, verdict: 'declined', comment: 'Too much.' } }) };
    const { posts } = show(<ApprovalPage token="tok" />, answers);
    await userEvent.click(await screen.findByRole('radio', { name: english.approval.no }));
    await userEvent.type(screen.getByRole('textbox'), ' Too much. ');
    await userEvent.click(screen.getByRole('button', { name: english.approval.send }));
    expect(await screen.findByText(english.approval.thanks)).toBeDefined();
    expect(posts()[0]?.body).toEqual({ verdict: 'declined', comment: 'Too much.' });
    await userEvent.click(screen.getByRole('button', { name: english.approval.change }));
    expect(screen.getByRole('radio', { name: english.approval.no }).matches(':checked')).toBe(true);
    expect(screen.getByRole('textbox').textContent).toBe('Too much.');
  });
  test('that was settled meanwhile says how instead of complaining', async () => {
    let asked = 0;
    const answers = {
      'GET /v1/approvals/tok': () => ({ body: asked++ === 0 ? open : { ...open, state: 'approved' } }),
      'POST /v1/approvals/tok': () => ({ status: 409, body: { code: 'conflict' } }),
    };
    show(<ApprovalPage token="tok" />, answers);
    await userEvent.click(await screen.findByRole('radio', { name: english.approval.yes }));
    await userEvent.click(screen.getByRole('button', { name: english.approval.send }));
    expect(await screen.findByText(english.approval.approved)).toBeDefined();
  });
  test('that is not asked any more, or whose link is over, says so', async () => {
    show(<ApprovalPage token="tok" />, look({ ...open, state: 'withdrawn' }));
    expect(await screen.findByText(english.approval.withdrawn)).toBeDefined();
  });
  test.each([
    [401, english.link.unknownTitle],
    [404, english.link.unknownTitle],
    [410, english.link.expiredTitle],
  ])('under a link that is refused with %i says what is wrong with it', async (status, title) => {
    show(<ApprovalPage token="tok" />, { 'GET /v1/approvals/tok': () => ({ status, body: { code: 'x' } }) });
    expect(await screen.findByText(title)).toBeDefined();
  });
});

describe('the list of requests', () => {
  test('marks what one only takes part in, and says whose it is', async () => {
    rememberSignedIn();
    const own = { id: 't1', number: 1001, subject: 'Mine', status: 'open', status_name: null, created_at: '2026-11-20T01:00:00Z', updated_at: '2026-11-20T01:00:00Z', expected_reply_by: null, mine: true, requester_name: null, taking_part: false };
    const anothers = { ...own, id: 't2', number: 1002, subject: 'Another’s', mine: false, requester_name: 'Ann', taking_part: true };
    show(<RequestsPage />, {
      'GET /v1/portal/session': () => ({ body: { email: 'bob@example.test', name: null, organization: null } }),
      'GET /v1/portal/requests': () => ({ body: { items: [own, anothers], next_cursor: null } }),
    });
    const marks = await screen.findAllByText(english.requests.takingPart);
    expect(marks).toHaveLength(1);
    expect(marks[0]?.closest('a')?.textContent).toContain('#1002 · Ann');
  });
});

describe('signing in', () => {
  const offered = (required: boolean) => ({ 'POST /v1/portal/sign-in': () => ({ status: 202, body: { token: null, organization: { name: 'Acme', required } } }) });
  async function address() {
    await userEvent.type(screen.getByLabelText(english.form.email), 'alice@acme.test');
    await userEvent.click(screen.getByRole('button', { name: english.signIn.next }));
  }
  test('goes on at the organization, or by a code where that will do', async () => {
    let codes = 0;
    const { posts } = show(<SignInPage link="" next="/portal/requests" />, {
      'POST /v1/portal/sign-in': () => (codes++ === 0 ? offered(false)['POST /v1/portal/sign-in']() : { status: 202, body: { token: 'tok', organization: null } }),
      'POST /v1/portal/single-sign-on': () => ({ status: 503, body: { code: 'sign_in_provider_failed' } }),
    });
    await address();
    await userEvent.click(await screen.findByRole('button', { name: 'Continue with Acme' }));
    expect((await screen.findByRole('alert')).textContent).toBe(english.signOn.failedText);
    await userEvent.click(screen.getByRole('button', { name: english.signIn.ratherCode }));
    expect(await screen.findByText(english.signIn.codeTitle)).toBeDefined();
    expect(posts().map(({ body }) => body)).toEqual([
      { email: 'alice@acme.test', locale: 'en', brand: null, by_code: false },
      { email: 'alice@acme.test', locale: 'en' },
      { email: 'alice@acme.test', locale: 'en', brand: null, by_code: true },
    ]);
  });
  test('offers no code where the organization wants none', async () => {
    show(<SignInPage link="" next="/portal/requests" />, offered(true));
    await address();
    expect(await screen.findByRole('button', { name: 'Continue with Acme' })).toBeDefined();
    expect(screen.queryByRole('button', { name: english.signIn.ratherCode })).toBeNull();
  });
  test.each([
    ['sign_in_over', 410, english.signOn.overTitle],
    ['sign_in_not_proven', 401, english.signOn.unprovenTitle],
    ['sign_in_foreign_address', 403, english.signOn.foreignTitle],
    ['internal', 500, english.signOn.failedTitle],
  ])('that comes back with what is refused as %s says why, and how to begin again', async (code, status, title) => {
    const answer = { code: 'c', state: code };
    const { posts } = show(<SignOnPage answer={answer} />, { 'POST /v1/portal/single-sign-on/session': () => ({ status, body: { code } }) });
    expect(await screen.findByText(title)).toBeDefined();
    expect(posts()).toHaveLength(1);
    expect(screen.getByRole('link', { name: english.signOn.again }).getAttribute('href')).toBe('/portal/sign-in?next=%2Fportal%2Frequests');
  });
  test('that the organization declined says so without asking anybody', () => {
    const { posts } = show(<SignOnPage answer={null} />, {});
    expect(screen.getByText(english.signOn.declinedTitle)).toBeDefined();
    expect(posts()).toEqual([]);
  });
});
