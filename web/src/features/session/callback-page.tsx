// Where the sign-in comes back to: turns the code into a session and goes on to where the person was.
import { useEffect, useState } from 'react';
import { SignInFrame } from './sign-in-frame';
import { SignInPage } from './sign-in-page';
import { useDesk } from '@/lib/data/context';
import { useT } from '@/lib/i18n/use-t';
import { SignInError, type Session } from '@/lib/oidc/session';

// A code can be used once, and strict mode mounts twice.
let ending: Promise<string> | null = null;

function endOnce(session: Session, search: string): Promise<string> {
  ending ??= session.complete(search).finally(() => {
    ending = null;
  });
  return ending;
}

interface CallbackPageProps {
  search: string;
  onSignedIn: (returnTo: string) => void;
}

export function CallbackPage({ search, onSignedIn }: CallbackPageProps) {
  const t = useT();
  const { session } = useDesk();
  const [problem, setProblem] = useState<SignInError['reason'] | null>(null);
  useEffect(() => {
    endOnce(session, search).then(onSignedIn, (cause: unknown) => {
      setProblem(cause instanceof SignInError ? cause.reason : 'refused');
    });
    // The address is read once: what happens next leaves this page.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  if (problem) return <SignInPage returnTo="/" problem={problem} />;
  return (
    <SignInFrame>
      <p className="sign-in__text" role="status">
        {t('signIn.finishing')}
      </p>
    </SignInFrame>
  );
}
