// Signing in: an address, then the code that was mailed to it, or the organization's own sign-in. A mail's link has address
// and code in it and wants one press.
import './sign-in-page.css';
import { useEffect, useState, type SubmitEvent } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { Field } from './field';
import { usePortal } from './context';
import { sendingProblem } from './problems';
import { keepOnward, rememberSignedIn } from './visitor';

interface SignInPageProps {
  link: string;
  next: string;
}

type Trouble = 'wrong' | 'over' | null;

interface Organization {
  name: string;
  required: boolean;
}

export default function SignInPage({ link, next }: SignInPageProps) {
  const { t, api, language, site, visitor } = usePortal();
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const [token, setToken] = useState<string | null>(null);
  const [organization, setOrganization] = useState<Organization | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [byLink, setByLink] = useState(link !== '');

  // A link in a mail opens pages without the session, which only our own pages send: whoever has one needs no other.
  const goesOn = visitor !== null && link === '';
  useEffect(() => {
    if (goesOn) location.replace(next);
  }, [goesOn, next]);

  const refusal = (cause: unknown): string => {
    const code = cause instanceof ApiError ? cause.code : '';
    if (code === 'sign_in_at_organization') return t('signIn.onlyThere');
    if (code === 'sign_in_provider_failed') return t('signOn.failedText');
    return cause instanceof ApiError && cause.status === 400 ? t('problem.email') : sendingProblem(cause, t);
  };
  const attempt = async (call: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailure(null);
    setTrouble(null);
    try {
      await call();
    } catch (cause) {
      const status = cause instanceof ApiError ? cause.status : 0;
      if (status === 401 && !byLink) setTrouble('wrong');
      else if (status === 401 || status === 410) setTrouble('over');
      else setFailure(refusal(cause));
    } finally {
      setBusy(false);
    }
  };
  const ask = (byCode: boolean): Promise<void> =>
    attempt(async () => {
      const asked = await unwrap(api.POST('/v1/portal/sign-in', { body: { email: email.trim(), locale: language, brand: site.brand, by_code: byCode } }));
      setToken(asked.token);
      setOrganization(asked.organization ?? null);
      setCode('');
    });
  const leave = (): Promise<void> =>
    attempt(async () => {
      const { url } = await unwrap(api.POST('/v1/portal/single-sign-on', { body: { email: email.trim(), locale: language } }));
      keepOnward(next);
      location.assign(url);
    });
  const enter = (proof: string): Promise<void> =>
    attempt(async () => {
      await unwrap(api.POST('/v1/portal/session', { body: byLink ? { token: proof } : { token: proof, code } }));
      rememberSignedIn();
      location.assign(next);
    });
  const again = (): void => {
    setByLink(false);
    setToken(null);
    setOrganization(null);
    setTrouble(null);
    setFailure(null);
  };
  const on = (act: () => Promise<void>) => (event: SubmitEvent) => {
    event.preventDefault();
    void act();
  };
  const said = (
    <>
      {trouble === 'over' && (
        <p className="failure" role="alert">
          {t('signIn.over')}
        </p>
      )}
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
    </>
  );

  if (trouble === 'over') {
    return (
      <section className="form sign-in">
        <h1>{t('signIn.title')}</h1>
        {said}
        <button type="button" className="button button--main" onClick={again}>
          {t('signIn.another')}
        </button>
      </section>
    );
  }
  if (byLink) {
    return (
      <form className="form sign-in" onSubmit={on(() => enter(link))}>
        <h1>{t('signIn.title')}</h1>
        <p className="lead">{t('signIn.linkLead')}</p>
        {said}
        <button type="submit" className="button button--main" disabled={busy}>
          {t('signIn.button')}
        </button>
      </form>
    );
  }
  if (organization !== null) {
    const { name, required } = organization;
    return (
      <form className="form sign-in" onSubmit={on(leave)}>
        <h1>{t('signIn.title')}</h1>
        <p className="lead">{t(required ? 'signIn.thereOnly' : 'signIn.there', { organization: name, email: email.trim() })}</p>
        {said}
        <div className="actions">
          <button type="submit" className="button button--main" disabled={busy}>
            {t(busy ? 'signIn.leaving' : 'signIn.continue', { organization: name })}
          </button>
          {!required && (
            <button type="button" className="button" disabled={busy} onClick={() => void ask(true)}>
              {t('signIn.ratherCode')}
            </button>
          )}
          <button type="button" className="button" onClick={again}>
            {t('signIn.otherAddress')}
          </button>
        </div>
      </form>
    );
  }
  if (token === null) {
    return (
      <form className="form sign-in" noValidate onSubmit={on(() => ask(false))}>
        <h1>{t('signIn.title')}</h1>
        <p className="lead">{t('signIn.lead')}</p>
        <Field name="email" type="email" autoComplete="email" label={t('form.email')} trouble={undefined} value={email} onChange={setEmail} />
        {said}
        <button type="submit" className="button button--main" disabled={busy || email.trim() === ''}>
          {t(busy ? 'signIn.asking' : 'signIn.next')}
        </button>
      </form>
    );
  }
  return (
    <form className="form sign-in" noValidate onSubmit={on(() => enter(token))}>
      <h1>{t('signIn.codeTitle')}</h1>
      <p className="lead">{t('signIn.codeLead', { email: email.trim() })}</p>
      <div className="field sign-in__code">
        <label htmlFor="code">{t('signIn.code')}</label>
        <input
          id="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          value={code}
          // The one thing to do here: whoever pressed for a code wants to type it.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          aria-invalid={trouble === 'wrong'}
          aria-describedby="code-help"
          onChange={(event) => {
            setCode(event.target.value);
            setTrouble(null);
          }}
        />
        <p id="code-help" className={trouble === 'wrong' ? 'field__trouble' : 'hint'} role={trouble === 'wrong' ? 'alert' : undefined}>
          {t(trouble === 'wrong' ? 'signIn.wrong' : 'signIn.codeHint')}
        </p>
      </div>
      {said}
      <div className="actions">
        <button type="submit" className="button button--main" disabled={busy || code.replaceAll(/\D/g, '').length < 6}>
          {t('signIn.button')}
        </button>
        <button type="button" className="button" onClick={again}>
          {t('signIn.another')}
        </button>
      </div>
    </form>
  );
}
