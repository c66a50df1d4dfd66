// Promises of time: policies and calendars, for those who make them.
import { Suspense } from 'react';
import { Link, NavLink, Route, Routes } from 'react-router';
import { CalendarEditor } from './calendar-editor';
import { CalendarList } from './calendar-list';
import { PolicyEditor } from './policy-editor';
import { PolicyList } from './policy-list';
import { Report } from './report';
import { useWords } from './words';
import { IconBack } from '@/components/icons';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import '@/components/setup.css';
import './sla.css';

export function SlaPage() {
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
        <span className="setup__name">{w('page.title')}</span>
        <nav className="setup__nav" aria-label={w('page.title')}>
          <NavLink to="/sla" end>
            {w('page.policies')}
          </NavLink>
          <NavLink to="/sla/calendars">{w('page.calendars')}</NavLink>
          <NavLink to="/sla/report">{w('page.report')}</NavLink>
        </nav>
      </header>
      <main className="setup__main">
        <Routes>
          <Route index element={<PolicyList />} />
          <Route path="policies/new" element={<PolicyEditor />} />
          <Route path="policies/:id" element={<PolicyEditor />} />
          <Route path="calendars" element={<CalendarList />} />
          <Route path="calendars/new" element={<CalendarEditor />} />
          <Route path="report" element={<Report />} />
          <Route path="calendars/:id" element={<CalendarEditor />} />
        </Routes>
      </main>
    </div>
  );
}
