// Rules: what the desk does by itself, for those who say so.
import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { RuleEditor } from './rule-editor';
import { RuleList } from './rule-list';
import { WebhookEditor } from './webhook-editor';
import { WebhookList } from './webhook-list';
import { useWords } from './words';
import { SetupBar, SetupNav } from '@/components/setup-bar';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './rules.css';
import './webhooks.css';

export function RulesPage() {
  return (
    <Suspense fallback={<div className="setup" aria-busy="true" />}>
      <Page />
    </Suspense>
  );
}

function Page() {
  const w = useWords();
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('page.back')}>
        <SetupNav
          name={w('page.title')}
          ways={[
            { to: '/rules', name: w('page.title') },
            { to: '/rules/webhooks', name: w('webhook.title') },
          ]}
        />
      </SetupBar>
      <main className="setup__main">
        <Routes>
          <Route index element={<RuleList />} />
          <Route path="webhooks" element={<WebhookList />} />
          <Route path="webhooks/new" element={<WebhookEditor />} />
          <Route path="webhooks/:id" element={<WebhookEditor />} />
          <Route path="new" element={<RuleEditor />} />
          <Route path=":id" element={<RuleEditor />} />
        </Routes>
      </main>
    </div>
  );
}
