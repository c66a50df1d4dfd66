// Rules: what the desk does by itself, for those who say so.
import { Suspense } from 'react';
import { Link, NavLink, Route, Routes, useLocation } from 'react-router';
import { RuleEditor } from './rule-editor';
import { RuleList } from './rule-list';
import { WebhookEditor } from './webhook-editor';
import { WebhookList } from './webhook-list';
import { useWords } from './words';
import { SetupBar } from '@/components/setup-bar';
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
  const outside = useLocation().pathname.startsWith('/rules/webhooks');
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('page.back')}>
        <nav className="setup__nav" aria-label={w('page.title')}>
          <Link to="/rules" aria-current={outside ? undefined : 'page'}>
            {w('page.title')}
          </Link>
          <NavLink to="/rules/webhooks">{w('webhook.title')}</NavLink>
        </nav>
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
