import { Suspense, useEffect } from 'react';
import { t } from '../app/texts';
import { Splash } from '../app/splash';
import { lazily } from '../ui/lazily';

const Explorer = lazily(() => import('./graphiql'));

/** ExplorerPage is GraphiQL, from this server alone, asking as whoever is logged in. */
export default function ExplorerPage() {
  useEffect(() => {
    document.title = `${t.explorer.title} · ${t.product}`;
  }, []);
  return (
    <Suspense fallback={<Splash text={t.loading} />}>
      <h1 className="hidden-visually">{t.explorer.title}</h1>
      <Explorer />
    </Suspense>
  );
}
