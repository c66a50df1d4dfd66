// Promises of time: policies and calendars, for those who make them.
import { Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { CalendarEditor } from './calendar-editor';
import { CalendarList } from './calendar-list';
import { PolicyEditor } from './policy-editor';
import { PolicyList } from './policy-list';
import { Report } from './report';
import { useWords } from './words';
import { SetupBar, SetupNav } from '@/components/setup-bar';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
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
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('page.back')}>
        <SetupNav
          name={w('page.title')}
          ways={[
            { to: '/sla', name: w('page.policies') },
            { to: '/sla/calendars', name: w('page.calendars') },
            { to: '/sla/report', name: w('page.report') },
          ]}
        />
      </SetupBar>
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
