// Promises of time: policies and calendars, for those who make them.
import { Route, Routes } from 'react-router';
import { CalendarEditor } from './calendar-editor';
import { CalendarList } from './calendar-list';
import { PolicyEditor } from './policy-editor';
import { PolicyList } from './policy-list';
import { Report } from './report';
import { useWords } from './words';
import { SetupFrame, SetupNav, setupPage } from '@/components/setup-bar';
import './sla.css';

export const SlaPage = setupPage(Page);

function Page() {
  const w = useWords();
  return (
    <SetupFrame
      title={w('page.title')}
      back={w('page.back')}
      bar={
        <SetupNav
          name={w('page.title')}
          ways={[
            { to: '/sla', name: w('page.policies') },
            { to: '/sla/calendars', name: w('page.calendars') },
            { to: '/sla/report', name: w('page.report') },
          ]}
        />
      }
    >
      <Routes>
        <Route index element={<PolicyList />} />
        <Route path="policies/new" element={<PolicyEditor />} />
        <Route path="policies/:id" element={<PolicyEditor />} />
        <Route path="calendars" element={<CalendarList />} />
        <Route path="calendars/new" element={<CalendarEditor />} />
        <Route path="report" element={<Report />} />
        <Route path="calendars/:id" element={<CalendarEditor />} />
      </Routes>
    </SetupFrame>
  );
}
