import { expect, test } from 'vitest';
import { previewApi } from './preview-api';

const CARDS = [{ id: 'lamps', name: 'Lamps', description: '' }];

function tried() {
  const sent: Request[] = [];
  const send = (request: Request): Promise<Response> => {
    sent.push(request);
    return Promise.resolve(Response.json({ elements: [], items: [], questions: [] }));
  };
  return { sent, api: previewApi('https://desk.test', CARDS, send) };
}

test('a preview reads what a form asks as nobody in particular, and has its own categories', async () => {
  const { api, sent } = tried();
  expect((await api.GET('/v1/categories')).data?.items).toEqual(CARDS);
  await api.GET('/v1/request-forms', { params: { query: { category: 'lamps' } } });
  expect(sent.map(({ url, credentials }) => [url, credentials])).toEqual([['https://desk.test/v1/request-forms?category=lamps', 'omit']]);
});

test('nothing is sent from a preview, and nothing else is read', async () => {
  const { api, sent } = tried();
  const opened = await api.POST('/v1/requests', { body: { requester: { email: 'kim@example.com' }, subject: 'a', body: 'b' } });
  const whole = await api.GET('/v1/portal/session');
  expect([opened.response.status, whole.response.status, sent]).toEqual([403, 403, []]);
});
