// Rules: what the desk does by itself, for those who say so.
import { Suspense } from 'react';
import { Link, Route, Routes } from 'react-router';
import { RuleEditor } from './rule-editor';
import { RuleList } from './rule-list';
import { useWords } from './words';
import { IconBack } from '@/components/icons';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import '@/components/setup.css';
import './rules.css';

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
      <header className="setup__bar">
        <Link className="icon-button" to={viewPath(DEFAULT_VIEW)} aria-label={w('page.back')} title={w('page.back')}>
          <IconBack size={20} stroke={1.6} />
        </Link>
        <Link className="setup__name" to="/rules">
          {w('page.title')}
        </Link>
      </header>
      <main className="setup__main">
        <Routes>
          <Route index element={<RuleList />} />
          <Route path="new" element={<RuleEditor />} />
          <Route path=":id" element={<RuleEditor />} />
        </Routes>
      </main>
    </div>
  );
}
