// Which page an address means, and who may see it.
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { DeskPage } from '@/app/desk-page';
import { Toaster } from '@/components/toaster';
import { CallbackPage } from '@/features/session/callback-page';
import { ExpiredDialog } from '@/features/session/expired-dialog';
import { SignInPage } from '@/features/session/sign-in-page';
import { useSessionState } from '@/features/session/use-session';
import { useDesk } from '@/lib/data/context';
import { DEFAULT_VIEW, SATISFACTION_PATH, SETTINGS_PATH, TEAM_PATH, viewPath } from '@/lib/tickets/views';

const AdminPage = lazy(async () => ({ default: (await import('@/features/admin/admin-page')).AdminPage }));
const KnowledgePage = lazy(async () => ({ default: (await import('@/features/knowledge/knowledge-page')).KnowledgePage }));
const RulesPage = lazy(async () => ({ default: (await import('@/features/rules/rules-page')).RulesPage }));
const TriagePage = lazy(async () => ({ default: (await import('@/features/triage/triage-page')).TriagePage }));
const SlaPage = lazy(async () => ({ default: (await import('@/features/sla/sla-page')).SlaPage }));
const TeamPage = lazy(async () => ({ default: (await import('@/features/team/team-page')).TeamPage }));
const SatisfactionPage = lazy(async () => ({ default: (await import('@/features/satisfaction/satisfaction-page')).SatisfactionPage }));
const SettingsPage = lazy(async () => ({ default: (await import('@/features/settings/settings-page')).SettingsPage }));
const OnDevice = lazy(async () => ({ default: (await import('@/features/device/on-device')).OnDevice }));

function SignedIn() {
  const { session } = useDesk();
  const state = useSessionState(session);
  const { pathname, search } = useLocation();
  if (state === 'signed_out') return <SignInPage returnTo={pathname + search} />;
  return (
    <>
      <Routes>
        <Route path="/views/:view" element={<DeskPage />} />
        <Route path="/views/:view/edit" element={<DeskPage editing />} />
        <Route path="/tickets/:id" element={<DeskPage />} />
        <Route path="/held" element={<DeskPage held />} />
        <Route path="/held/:id" element={<DeskPage held />} />
        <Route
          path="/admin/*"
          element={
            <Suspense>
              <AdminPage />
            </Suspense>
          }
        />
        <Route
          path="/knowledge/*"
          element={
            <Suspense>
              <KnowledgePage />
            </Suspense>
          }
        />
        <Route
          path="/rules/*"
          element={
            <Suspense>
              <RulesPage />
            </Suspense>
          }
        />
        <Route
          path="/triage"
          element={
            <Suspense>
              <TriagePage />
            </Suspense>
          }
        />
        <Route
          path="/sla/*"
          element={
            <Suspense>
              <SlaPage />
            </Suspense>
          }
        />
        <Route
          path={TEAM_PATH}
          element={
            <Suspense>
              <TeamPage />
            </Suspense>
          }
        />
        <Route
          path={SATISFACTION_PATH}
          element={
            <Suspense>
              <SatisfactionPage />
            </Suspense>
          }
        />
        <Route
          path={SETTINGS_PATH}
          element={
            <Suspense>
              <SettingsPage />
            </Suspense>
          }
        />
        <Route path="*" element={<Navigate to={viewPath(DEFAULT_VIEW)} replace />} />
      </Routes>
      <ExpiredDialog />
      <Suspense>
        <OnDevice />
      </Suspense>
    </>
  );
}

function Callback() {
  const { search } = useLocation();
  const navigate = useNavigate();
  return <CallbackPage search={search} onSignedIn={(returnTo) => void navigate(returnTo, { replace: true })} />;
}

export function App() {
  return (
    <>
      <Routes>
        <Route path="/auth/callback" element={<Callback />} />
        <Route path="*" element={<SignedIn />} />
      </Routes>
      <Toaster />
    </>
  );
}
