// Rules: what the desk does by itself, for those who say so.
import { Route, Routes } from 'react-router';
import { RuleEditor } from './rule-editor';
import { RuleList } from './rule-list';
import { WebhookEditor } from './webhook-editor';
import { WebhookList } from './webhook-list';
import { useWords } from './words';
import { SetupFrame, SetupNav, setupPage } from '@/components/setup-bar';
import './rules.css';
import './webhooks.css';

export const RulesPage = setupPage(Page);

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
            { to: '/rules', name: w('page.title') },
            { to: '/rules/webhooks', name: w('webhook.title') },
          ]}
        />
      }
    >
      <Routes>
        <Route index element={<RuleList />} />
        <Route path="webhooks" element={<WebhookList />} />
        <Route path="webhooks/new" element={<WebhookEditor />} />
        <Route path="webhooks/:id" element={<WebhookEditor />} />
        <Route path="new" element={<RuleEditor />} />
        <Route path=":id" element={<RuleEditor />} />
      </Routes>
    </SetupFrame>
  );
}
