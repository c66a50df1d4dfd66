// The administration: everything that can be set, by section, with a search over all of it.
import { useDeferredValue, useEffect, useRef, useState, type RefObject } from 'react';
import { Link, NavLink, Route, Routes, useLocation } from 'react-router';
import { AGENTS } from './agents';
import { ASSIGNMENTS } from './assignments';
import { Audit } from './audit';
import { BLOCKED } from './blocked';
import { BRANDS } from './brands';
import { CANNED } from './canned';
import { CATEGORIES } from './categories';
import { CHECKLISTS } from './checklists';
import { Community } from './community';
import { useUnsaved } from './drafts';
import { FIELDS } from './fields';
import { FilePage } from './file-page';
import { FORMS } from './forms';
import { GROUPS } from './groups';
import { MACROS } from './macros';
import { MAILBOXES } from './mailboxes';
import { Mails } from './mails';
import { ModeratedQuestion } from './moderated-question';
import { Moderation } from './moderation';
import { pathOf, SECTIONS, type Page, type SectionName } from './pages';
import { PLANS } from './plans';
import { General } from './general';
import { Priorities } from './priorities';
import { PRODUCTS } from './products';
import { Organizations } from './organizations';
import { People } from './people';
import { Privacy } from './privacy';
import { RETENTION } from './retention';
import { ROLES } from './roles';
import { Setting } from './setting';
import { STATUSES } from './statuses';
import { TEMPLATES } from './templates';
import { SURVEY_PLANS } from './survey-plans';
import { useTelling } from './use-telling';
import { SetupBar, setupPage } from '@/components/setup-bar';
import { useTitle } from '@/lib/data/desk-name';
import { useMe } from '@/lib/data/directory';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './admin.css';

export const AdminPage = setupPage(Shell);

type Found = readonly (readonly [SectionName, readonly Page[]])[];

/** The pages that one may open, and of these the ones that a word leads to. */
function usePages(search: string): Found {
  const { w } = useTelling();
  const { data: me } = useMe();
  const wanted = useDeferredValue(search.trim().toLocaleLowerCase());
  const speaks = ({ name }: Page): boolean => `${w(`pages.${name}.title`)} ${w(`pages.${name}.text`)}`.toLocaleLowerCase().includes(wanted);
  return SECTIONS.map(([section, pages]) => [section, pages.filter((page) => (me?.permissions.includes(page.needs) ?? false) && speaks(page))] as const).filter(([, pages]) => pages.length > 0);
}

/** Scrolls the ways so that the one to the open page is seen; the page itself stays where it is. */
function useSeen(ways: RefObject<HTMLElement | null>, page: string, known: boolean): void {
  useEffect(() => {
    const list = ways.current;
    const here = list?.querySelector('[aria-current="page"]');
    if (!list || !here || !known) return;
    const { top, bottom, height } = list.getBoundingClientRect();
    const own = here.getBoundingClientRect();
    if (own.top < top || own.bottom > bottom) list.scrollBy({ top: own.top - top - height / 2 });
  }, [ways, page, known]);
}

function Shell() {
  const { w } = useTelling();
  const { pathname } = useLocation();
  const [search, setSearch] = useState('');
  const found = usePages(search);
  const unsaved = useUnsaved();
  const atHome = pathname.replace(/\/$/, '') === '/admin';
  useTitle(w('page.title'));
  // Alone on the screen the ways to all settings are the page's main thing.
  const Ways = atHome ? 'main' : 'nav';
  const ways = useRef<HTMLElement>(null);
  useSeen(ways, pathname.split('/')[2] ?? '', found.length > 0);
  const begun = (page: Page): boolean => unsaved.some((place) => place.startsWith(`${pathOf(page)}/`));
  return (
    <div className="setup admin">
      <SetupBar to={atHome ? viewPath(DEFAULT_VIEW) : '/admin'} back={w(atHome ? 'page.back' : 'page.overview')}>
        <span className="setup__name">{w('page.title')}</span>
        {!atHome && (
          <Link className="link admin__leave" to={viewPath(DEFAULT_VIEW)}>
            {w('page.back')}
          </Link>
        )}
      </SetupBar>
      <div className="admin__body">
        <Ways ref={ways} className={atHome ? 'admin__nav' : 'admin__nav admin__nav--beside'} aria-label={w('page.title')}>
          {atHome && <h1 className="visually-hidden">{w('page.overview')}</h1>}
          <input className="input" type="search" aria-label={w('page.search')} placeholder={w('page.search')} value={search} onChange={({ target }) => setSearch(target.value)} />
          {found.map(([section, pages]) => (
            <div key={section}>
              <h2 className="admin__section">{w(`sections.${section}`)}</h2>
              <ul className="admin__pages">
                {pages.map((page) => (
                  <li key={page.name}>
                    <NavLink className="admin__page" to={pathOf(page)}>
                      <span className="admin__page-name">
                        {w(`pages.${page.name}.title`)}
                        {begun(page) && <span className="admin__unsaved" role="img" aria-label={w('list.unsaved')} title={w('list.unsaved')} />}
                      </span>
                      {atHome && <span className="admin__page-text">{w(`pages.${page.name}.text`)}</span>}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {found.length === 0 && <p className="setup__text">{w('page.nothing')}</p>}
        </Ways>
        {!atHome && (
          <main className="admin__main">
            <Routes>
              <Route path="agents/*" element={<Setting kind={AGENTS} />} />
              <Route path="groups/*" element={<Setting kind={GROUPS} />} />
              <Route path="roles/*" element={<Setting kind={ROLES} />} />
              <Route path="plans/*" element={<Setting kind={PLANS} />} />
              <Route path="categories/*" element={<Setting kind={CATEGORIES} />} />
              <Route path="products/*" element={<Setting kind={PRODUCTS} />} />
              <Route path="fields/*" element={<Setting kind={FIELDS} />} />
              <Route path="statuses/*" element={<Setting kind={STATUSES} />} />
              <Route path="assignments/*" element={<Setting kind={ASSIGNMENTS} />} />
              <Route path="blocked/*" element={<Setting kind={BLOCKED} />} />
              <Route path="brands/*" element={<Setting kind={BRANDS} />} />
              <Route path="surveys/*" element={<Setting kind={SURVEY_PLANS} />} />
              <Route path="canned/*" element={<Setting kind={CANNED} />} />
              <Route path="checklists/*" element={<Setting kind={CHECKLISTS} />} />
              <Route path="forms/*" element={<Setting kind={FORMS} />} />
              <Route path="macros/*" element={<Setting kind={MACROS} />} />
              <Route path="mailboxes/*" element={<Setting kind={MAILBOXES} />} />
              <Route path="templates/*" element={<Setting kind={TEMPLATES} />} />
              <Route path="people/*" element={<People />} />
              <Route path="organizations/*" element={<Organizations />} />
              <Route path="retention/*" element={<Setting kind={RETENTION} />} />
              <Route path="privacy" element={<Privacy />} />
              <Route path="general" element={<General />} />
              <Route path="priorities" element={<Priorities />} />
              <Route path="community" element={<Community />} />
              <Route path="moderation" element={<Moderation />} />
              <Route path="moderation/:id" element={<ModeratedQuestion />} />
              <Route path="mails" element={<Mails />} />
              <Route path="audit" element={<Audit />} />
              <Route path="file" element={<FilePage />} />
            </Routes>
          </main>
        )}
      </div>
    </div>
  );
}
