// A desk for component tests: real client and real cache, the network replaced by a list of answers.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, type RenderResult } from '@testing-library/react';
import i18next from 'i18next';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router';
import { createApi } from '@/lib/api/client';
import { parseConfig } from '@/lib/config';
import { DeskContext } from '@/lib/data/context';
import { startI18n } from '@/lib/i18n/i18n';
import { Session } from '@/lib/oidc/session';

export interface Call {
  method: string;
  path: string;
  body: unknown;
  headers: Headers;
}

type Answer = { status?: number; body: unknown } | Error;
export type Answers = Record<string, (call: Call) => Answer | Promise<Answer>>;

interface Network {
  calls: Call[];
  send: (request: Request) => Promise<Response>;
}

/** A network that knows `answers` by "METHOD /path"; whatever else is asked for is a 404. */
export function network(answers: Answers): Network {
  const calls: Call[] = [];
  return {
    calls,
    send: async (request) => {
      const text = await request.text();
      const path = new URL(request.url).pathname;
      const call = { method: request.method, path, body: text === '' ? null : (JSON.parse(text) as unknown), headers: request.headers };
      calls.push(call);
      const answer = (await answers[`${call.method} ${path}`]?.(call)) ?? { status: 404, body: { code: 'not_found' } };
      if (answer instanceof Error) throw answer;
      return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers: { 'content-type': 'application/json' } });
    },
  };
}

interface Shown extends RenderResult {
  client: QueryClient;
}

/** Starts the words, in English; what parts of the desk have fetched of theirs stays, as in a browser. */
export async function inEnglish(): Promise<void> {
  if (i18next.isInitialized) return;
  const english = () => import('@/locales/desk/en.json');
  await startI18n({ en: english, ko: english, ja: english }, 'en');
}

/** Renders `page` inside everything that the desk's own page stands in, in English. */
export async function renderInDesk(page: ReactNode, { send }: Network): Promise<Shown> {
  await inEnglish();
  const config = parseConfig({ brand: { name: 'Test desk' } });
  const session = new Session(config.oidc, { origin: 'http://desk.test', go: () => undefined, now: () => Date.now(), fetch: () => Promise.reject(new Error('no network')) });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { networkMode: 'always' } } });
  const desk = { api: createApi('http://desk.test', undefined, send), session, config, changeLanguage: () => Promise.resolve() };
  const shown = render(
    <MantineProvider env="test">
      <DeskContext value={desk}>
        <QueryClientProvider client={client}>
          <MemoryRouter>{page}</MemoryRouter>
        </QueryClientProvider>
      </DeskContext>
    </MantineProvider>,
  );
  return { ...shown, client };
}
