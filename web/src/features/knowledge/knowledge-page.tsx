// Articles for those who write them: all of them, one being written, what waits for somebody, what is missing, and sections.
import { Suspense, useEffect } from 'react';
import { Route, Routes } from 'react-router';
import { ArticleList } from './article-list';
import { ArticlePage } from './article-page';
import { GapsPage } from './gaps';
import { NewArticle } from './new-article';
import { KNOWLEDGE } from './paths';
import { ReviewQueue } from './review-queue';
import { Sections } from './sections';
import { useWaiting } from './use-waiting';
import { useWords } from './words';
import { SetupBar, SetupNav } from '@/components/setup-bar';
import { useDesk } from '@/lib/data/context';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './knowledge.css';

export function KnowledgePage() {
  return (
    <Suspense fallback={<div className="setup" aria-busy="true" />}>
      <Page />
    </Suspense>
  );
}

function Page() {
  const w = useWords();
  const { config } = useDesk();
  const waiting = useWaiting();
  useEffect(() => {
    document.title = `${w('page.title')} · ${config.brand}`;
  }, [w, config.brand]);
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('page.back')}>
        <SetupNav
          name={w('page.title')}
          ways={[
            { to: KNOWLEDGE, name: w('page.articles') },
            { to: `${KNOWLEDGE}/review`, name: w('page.review'), count: waiting.count },
            { to: `${KNOWLEDGE}/gaps`, name: w('page.gaps') },
            { to: `${KNOWLEDGE}/sections`, name: w('page.sections') },
          ]}
        />
      </SetupBar>
      <main className="setup__main">
        <Routes>
          <Route index element={<ArticleList />} />
          <Route path="articles/new" element={<NewArticle />} />
          <Route path="articles/:id" element={<ArticlePage />} />
          <Route path="review" element={<ReviewQueue />} />
          <Route path="gaps" element={<GapsPage />} />
          <Route path="sections" element={<Sections />} />
        </Routes>
      </main>
    </div>
  );
}
