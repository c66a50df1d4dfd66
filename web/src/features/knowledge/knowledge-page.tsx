// Articles for those who write them: all of them, one being written, what waits for somebody, what is missing, and sections.
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
import { SetupFrame, SetupNav, setupPage } from '@/components/setup-bar';
import './knowledge.css';

export const KnowledgePage = setupPage(Page);

function Page() {
  const w = useWords();
  const waiting = useWaiting();
  return (
    <SetupFrame
      title={w('page.title')}
      back={w('page.back')}
      bar={
        <SetupNav
          name={w('page.title')}
          ways={[
            { to: KNOWLEDGE, name: w('page.articles') },
            { to: `${KNOWLEDGE}/review`, name: w('page.review'), count: waiting.count },
            { to: `${KNOWLEDGE}/gaps`, name: w('page.gaps') },
            { to: `${KNOWLEDGE}/sections`, name: w('page.sections') },
          ]}
        />
      }
    >
      <Routes>
        <Route index element={<ArticleList />} />
        <Route path="articles/new" element={<NewArticle />} />
        <Route path="articles/:id" element={<ArticlePage />} />
        <Route path="review" element={<ReviewQueue />} />
        <Route path="gaps" element={<GapsPage />} />
        <Route path="sections" element={<Sections />} />
      </Routes>
    </SetupFrame>
  );
}
