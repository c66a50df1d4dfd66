// Pages where something is set up, and the bar over them: the way back, what they are called, and the pages beside this one.
import { Suspense, type ComponentType, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { IconBack } from '@/components/icons';
import { useTitle } from '@/lib/data/desk-name';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './setup.css';

interface SetupBarProps {
  /** Where the way back leads, and what it is called. */
  to: string;
  back: string;
  children: ReactNode;
}

export function SetupBar({ to, back, children }: SetupBarProps) {
  return (
    <header className="setup__bar">
      <Link className="icon-button" to={to} aria-label={back} title={back}>
        <IconBack size={20} stroke={1.6} />
      </Link>
      {children}
    </header>
  );
}

interface Way {
  to: string;
  name: string;
  /** How many things wait there. */
  count?: number;
}

/** The pages of one matter. The first is also where every page belongs that is below none of the others. */
export function SetupNav({ name, ways }: { name: string; ways: readonly [Way, ...Way[]] }) {
  const { pathname } = useLocation();
  const [first, ...others] = ways;
  const here = others.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`)) ?? first;
  return (
    <>
      {name !== first.name && <span className="setup__name">{name}</span>}
      <nav className="setup__nav" aria-label={name}>
        {ways.map((way) => (
          <Link key={way.to} to={way.to} aria-current={way === here ? 'page' : undefined}>
            {way.name}
            {way.count !== undefined && way.count > 0 && <span className="setup__count">{way.count}</span>}
          </Link>
        ))}
      </nav>
    </>
  );
}

/** A page that waits until its words are there. */
export function setupPage(Page: ComponentType): ComponentType {
  return function SetupPage() {
    return (
      <Suspense fallback={<div className="setup" aria-busy="true" />}>
        <Page />
      </Suspense>
    );
  };
}

interface SetupFrameProps {
  /** What the browser calls the page. */
  title: string;
  back: string;
  /** What stands in the bar: the page's name, or the pages beside it. */
  bar: ReactNode;
  className?: string;
  children: ReactNode;
}

/** The bar, with the way back to the tickets, over what is set up. */
export function SetupFrame({ title, back, bar, className, children }: SetupFrameProps) {
  useTitle(title);
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={back}>
        {bar}
      </SetupBar>
      <main className={className === undefined ? 'setup__main' : `setup__main ${className}`}>{children}</main>
    </div>
  );
}
