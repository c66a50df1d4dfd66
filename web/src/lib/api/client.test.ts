import { describe, expect, test, vi } from 'vitest';
import { answered, createApi, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';

const problem = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', 'retry-after': '7' } });

async function refused(call: Promise<unknown>): Promise<ApiError> {
  const cause: unknown = await call.catch((error: unknown) => error);
  if (!(cause instanceof ApiError)) throw new Error('was not refused');
  return cause;
}

describe('a call', () => {
  test('is repeated once with a new token after a 401', async () => {
    let token = 'old';
    const seen: (string | null)[] = [];
    const send = vi.fn((request: Request) => {
      seen.push(request.headers.get('authorization'));
      return Promise.resolve(token === 'old' ? problem(401, {}) : Response.json({ id: 'me' }));
    });
    const renew = () => {
      token = 'new';
      return Promise.resolve(true);
    };
    const api = createApi('http://desk.test', { token: () => token, renew }, send);
    await unwrap(api.GET('/v1/me'));
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
  });
  test('is not repeated when there is no new token', async () => {
    const send = vi.fn(() => Promise.resolve(problem(401, { code: 'unauthorized' })));
    const api = createApi('http://desk.test', { token: () => 't', renew: () => Promise.resolve(false) }, send);
    expect((await refused(unwrap(api.GET('/v1/me')))).status).toBe(401);
    expect(send).toHaveBeenCalledOnce();
  });
  test('carries the problem that the desk described', async () => {
    const body = { code: 'stale_version', detail: 'Too late.', errors: [{ pointer: '/status', message: 'no' }] };
    const api = createApi('http://desk.test', undefined, () => Promise.resolve(problem(409, body)));
    expect(await refused(unwrap(api.GET('/v1/me')))).toMatchObject({ stale: true, code: 'stale_version', detail: 'Too late.', errors: body.errors, retryAfter: 7 });
  });
  test('that gets no answer says that it is offline', async () => {
    const api = createApi('http://desk.test', undefined, () => Promise.reject(new TypeError('Failed to fetch')));
    expect((await refused(unwrap(api.GET('/v1/me')))).offline).toBe(true);
  });
  test('hands over the answer with its headers', async () => {
    const api = createApi('http://desk.test', undefined, () => Promise.resolve(Response.json({ id: 'm' }, { headers: { etag: '"7"' } })));
    expect((await answered(api.GET('/v1/me'))).response.headers.get('etag')).toBe('"7"');
  });
});
