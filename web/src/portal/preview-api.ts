// The API as a preview has it: what a form asks and what is suggested can be read, by nobody in particular; nothing else leaves.
import { createApi, type Api } from '@/lib/api/client';
import type { Category } from '@/lib/api/types';

const READ: ReadonlySet<string> = new Set(['/v1/request-forms', '/v1/help/suggestions']);

type Send = (request: Request) => Promise<Response>;

/**
 * The client for `base`, answering with what is not saved yet.
 *
 * @param categories what can be chosen: the draft says which, and the server does not know of it.
 */
export function previewApi(base: string, categories: readonly Category[], send: Send = (request) => fetch(request)): Api {
  return createApi(base, undefined, (request) => {
    const { pathname } = new URL(request.url);
    if (request.method !== 'GET') return Promise.resolve(refusal());
    if (pathname === '/v1/categories') return Promise.resolve(Response.json({ items: categories }));
    return READ.has(pathname) ? send(new Request(request, { credentials: 'omit' })) : Promise.resolve(refusal());
  });
}

const refusal = (): Response => Response.json({ title: 'Nothing is sent from a preview.' }, { status: 403 });
