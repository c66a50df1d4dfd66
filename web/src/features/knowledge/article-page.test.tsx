// Writing an article: what is typed is never lost, and nobody's words are written over unseen.
import { act, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { Route, Routes, Navigate } from 'react-router';
import { afterEach, expect, test } from 'vitest';
import { ArticlePage } from './article-page';
import { readDraft } from './drafts';
import { network, renderInDesk, type Answers } from '@/lib/testing/desk';

configure({ asyncUtilTimeout: 8000 }); // words are fetched with the page

const TEXT = { title: 'Paper jam', summary: '', state: 'published', stale: false, revision: 1, live_revision: 1, publish_at: null, updated_by: 'ann', updated_at: '2026-11-22T00:00:00.000Z', asked_by: null, returned_by: null, reason: '', address: '/help/en/articles/7-paper-jam' };
const article = (version: number, by = 'ann') => ({
  id: '01A', number: 7, version, title: 'Paper jam', kind: 'article', audience: 'public', language: 'en', section: null, provisional: false, archived: false, languages: { en: TEXT },
  created_by: 'ann', created_at: TEXT.updated_at, updated_by: by, updated_at: TEXT.updated_at, organizations: [], related: [], keywords: [], brands: [], from_ticket: null, helpful: 0, unhelpful: 0, views: 0, solved: 0,
});
const body = { language: 'en', revision: 1, title: 'Paper jam', summary: '', body: 'Open the door.', html: '<p>Open the door.</p>', author: 'ann', at: TEXT.updated_at, made_of: 0 };

async function writing(version: () => number) {
  const answers: Answers = {
    'GET /v1/me': () => ({ body: { id: 'bob', permissions: ['read', 'write_articles'] } }),
    'GET /v1/agents': () => ({ body: { items: [{ id: 'ann', name: 'Ann Lee' }] } }),
    'GET /v1/articles/01A': () => ({ body: article(version()) }),
    'GET /v1/articles/01A/texts/en': () => ({ body }),
    'POST /v1/articles/preview': () => ({ body: { html: '<p>x</p>' } }),
    'PUT /v1/articles/01A/texts/en': ({ headers }) => (headers.get('if-match') === `"${version()}"` ? { body: article(version() + 1) } : { status: 409, body: { code: 'stale_version', detail: 'x' } }),
  };
  const net = network(answers);
  const page = (
    <Suspense>
      <Routes>
        <Route path="/knowledge/articles/:id" element={<ArticlePage />} />
        <Route path="*" element={<Navigate to="/knowledge/articles/01A" />} />
      </Routes>
    </Suspense>
  );
  const shown = await act(() => renderInDesk(page, net));
  return { net, shown, text: await screen.findByLabelText('Text') };
}

afterEach(() => localStorage.clear());

test('what is typed is kept with every letter, is there again tomorrow, and goes once it is saved', async () => {
  const first = await writing(() => 3);
  await userEvent.type(first.text, ' Gently.');
  expect(readDraft('01A', 'en')).toEqual({ words: { title: 'Paper jam', summary: '', body: 'Open the door. Gently.' }, seen: 3 });
  first.shown.unmount();
  const { net, text } = await writing(() => 3);
  expect(text).toHaveProperty('value', 'Open the door. Gently.');
  await userEvent.click(await screen.findByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(readDraft('01A', 'en')).toBeNull());
  expect(net.calls.find(({ method }) => method === 'PUT')?.body).toEqual({ title: 'Paper jam', summary: '', body: 'Open the door. Gently.' });
}, 30_000);

test('what somebody else saved meanwhile is told, and written over only by who says so', async () => {
  let version = 3;
  const { net, text } = await writing(() => version);
  await userEvent.type(text, ' Gently.');
  version = 5;
  await userEvent.click(await screen.findByRole('button', { name: 'Save draft' }));
  expect(await screen.findByText(/Ann Lee changed this article/)).toBeTruthy();
  expect(readDraft('01A', 'en')?.words.body).toBe('Open the door. Gently.');
  await userEvent.click(screen.getByRole('button', { name: /Go on with mine/ }));
  await waitFor(() => expect(net.calls.filter(({ method }) => method === 'PUT').map(({ headers }) => headers.get('if-match'))).toEqual(['"3"', '"5"']));
  await waitFor(() => expect(readDraft('01A', 'en')).toBeNull());
}, 30_000);
