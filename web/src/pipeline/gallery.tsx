import { useMutation, useQuery } from '@apollo/client/react';
import { Lock, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useKeyring } from '../app/keyring';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { CreateFromTemplate, CreatePipeline, Templates } from '../gql/manage';
import { Pipelines } from '../gql/pipeline';
import type { TemplatesQuery } from '../gql/types';
import { Button, Skeleton, TextField } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { Failure, State } from '../ui/states';
import ui from '../ui/ui.module.css';
import css from './manage.module.css';

const p = pipelines;
type Template = TemplatesQuery['templates'][number];

/** GalleryPage shows what a pipeline can begin as, by the field of business, each with its stages. */
export default function GalleryPage() {
  const { can, path } = useWork();
  const { data, error, refetch } = useQuery(Templates);
  const [category, setCategory] = useState('');
  const [making, setMaking] = useState<Template | 'empty' | null>(null);
  useEffect(() => {
    document.title = `${t.shell.newPipeline} · ${t.product}`;
  }, []);
  if (!can('CAN_MANAGE_PIPELINES')) return <State icon={Lock} title={t.codes.FORBIDDEN!} actions={<Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>}>{p.notYours}</State>;
  const templates = data?.templates ?? [];
  const categories = [...new Set(templates.map((template) => template.category))];
  const shown = templates.filter((template) => !category || template.category === category);
  return (
    <div className={css.page}>
      <header className={css.top}>
        <div>
          <h1>{t.shell.newPipeline}</h1>
          <p className={css.faint}>{p.galleryHint}</p>
        </div>
        <Button onClick={() => setMaking('empty')}><Plus size={16} aria-hidden />{p.empty}</Button>
      </header>
      {error && !data && <Failure problem={problemOf(error)} retry={() => void refetch()} />}
      {!data && !error && <div className={css.gallery}>{[0, 1, 2, 3, 4, 5].map((i) => <Skeleton key={i} block={160} />)}</div>}
      {data && (
        <>
          <div className={css.categories} role="group" aria-label={p.category}>
            {['', ...categories].map((name) => (
              <Button key={name} look="quiet" aria-pressed={name === category} onClick={() => setCategory(name)}>{name ? p.categories[name] ?? name : p.allCategories}</Button>
            ))}
          </div>
          <ul className={css.gallery}>
            {shown.map((template) => (
              <li key={template.key} className={css.template}>
                <h2>{template.name}</h2>
                <p className={css.faint}>{p.categories[template.category] ?? template.category} · {p.stageCount(template.stages.length)}</p>
                <p>{template.description}</p>
                <ol className={css.preview} aria-label={p.stagesOf(template.name)}>
                  {template.stages.map((stage) => <li key={stage.name}><i style={{ background: stage.color }} aria-hidden />{stage.name}</li>)}
                </ol>
                <Button onClick={() => setMaking(template)} aria-label={p.useOf(template.name)}>{p.useShort}</Button>
              </li>
            ))}
          </ul>
        </>
      )}
      {making && <MakeDialog from={making} onClose={() => setMaking(null)} />}
    </div>
  );
}

/** MakeDialog gives a new pipeline its name. An empty one begins with the stages that every pipeline needs, and opens its editor. */
function MakeDialog({ from, onClose }: { from: Template | 'empty'; onClose: () => void }) {
  const { path } = useWork();
  const [, navigate] = useLocation();
  const [name, setName] = useState(from === 'empty' ? '' : from.name);
  const [problem, setProblem] = useState<Problem | null>(null);
  const keyOf = useKeyring();
  const options = { refetchQueries: [Pipelines], awaitRefetchQueries: true };
  const [create, { loading }] = useMutation(CreatePipeline, options);
  const [copy, { loading: copying }] = useMutation(CreateFromTemplate, options);
  const submit = async () => {
    try {
      if (from === 'empty') {
        const input = { name, stages: p.firstStages.map((stage) => ({ ...stage })) };
        const { data } = await create({ variables: { input, key: keyOf(input) } });
        if (data) navigate(path(`pipelines/${data.createPipeline.pipeline.id}/edit`));
      } else {
        const input = { templateKey: from.key, name };
        const { data } = await copy({ variables: { input, key: keyOf(input) } });
        if (data) navigate(path(`pipelines/${data.createPipelineFromTemplate.pipeline.id}`));
      }
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <Dialog open onClose={onClose} title={from === 'empty' ? p.empty : p.use(from.name)} description={from === 'empty' ? p.emptyHint : p.templateHint}>
      <form onSubmit={(event) => (event.preventDefault(), void submit())}>
        <TextField label={p.name} value={name} onChange={(e) => setName(e.target.value)} maxLength={100} autoFocus required wrong={problem ? (problem.details?.[0]?.message ?? sentence(problem)) : undefined} />
        <div className={ui.dialogFoot}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={!name.trim() || loading || copying}>{p.make}</Button>
        </div>
      </form>
    </Dialog>
  );
}
