package crm_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/rank"
	"github.com/rapidbott/tideboard/server/read"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/typeid"
)

// Many at once make the first pipelines of a workspace: one of them is the default, all have names and places of their
// own, and there are never more than may be.
func TestPipelinesMadeAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		ctx, svc, reader := fresh(t, dialect)
		const each = (crm.MaxPipelines + 10) / 5
		var wg sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for range 5 {
			wg.Go(func() {
				for range each {
					_, err := stubborn(func() (any, error) {
						return svc.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
					})
					mu.Lock()
					if fault.Is(err, fault.ValidationFailed) {
						refused++
					} else if err != nil {
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		all, err := reader.Pipelines(ctx)
		require.NoError(t, err)
		require.Len(t, all, crm.MaxPipelines)
		require.Equal(t, 5*each-crm.MaxPipelines, refused)
		for i, p := range all {
			name := fmt.Sprint("Agency Leads ", i+1)
			if i == 0 {
				name = "Agency Leads"
			}
			require.Equal(t, name, p.Name)
			require.Equal(t, i, p.Position)
			require.Equal(t, i == 0, p.IsDefault)
		}
		last := all[len(all)-1].ID
		_, err = svc.DeletePipeline(ctx, crm.DeletePipelineInput{ID: last})
		require.NoError(t, err)
		_, err = svc.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: all[0].ID, CopyRecords: "NONE"})
		require.NoError(t, err)
		_, err = svc.RestorePipeline(ctx, crm.RestorePipelineInput{ID: last})
		require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
		_, err = svc.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: all[0].ID, CopyRecords: "NONE"})
		require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
	})
}

// However many change the default, the order and the pipelines themselves at once: there is one default, and an order.
func TestOneDefaultWhateverHappensAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		ctx, svc, reader := fresh(t, dialect)
		var ids []string
		for range 6 {
			made, err := svc.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
			require.NoError(t, err)
			ids = append(ids, made.Pipeline.ID)
		}
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range 12 {
					id, next := ids[(worker+i)%len(ids)], ids[(worker+i+1)%len(ids)]
					_, err := stubborn(func() (any, error) {
						switch (worker + i) % 4 {
						case 0:
							out, err := svc.DeletePipeline(ctx, crm.DeletePipelineInput{ID: id, NewDefaultID: &next})
							if fault.Is(err, fault.ValidationFailed) { // it is not the default
								out, err = svc.DeletePipeline(ctx, crm.DeletePipelineInput{ID: id})
							}
							if fault.Is(err, fault.ValidationFailed) { // it has become the default meanwhile
								err = nil
							}
							return out, err
						case 1:
							return svc.RestorePipeline(ctx, crm.RestorePipelineInput{ID: id})
						case 2:
							all, err := reader.Pipelines(ctx)
							if err != nil {
								return nil, err
							}
							reversed := make([]string, len(all))
							for i, p := range all {
								reversed[len(all)-1-i] = p.ID
							}
							return svc.ReorderPipelines(ctx, crm.ReorderPipelinesInput{PipelineIds: reversed})
						}
						return svc.SetDefaultPipeline(ctx, crm.SetDefaultPipelineInput{ID: id})
					})
					if f := fault.Of(err); err != nil && (f == nil || f.Kind != fault.NotFoundCode && f.Kind != fault.Conflict && f.Kind != fault.LastPipeline) {
						t.Error(err)
					}
					all, err := reader.Pipelines(ctx)
					if err != nil {
						t.Error(err)
					}
					n := 0
					for _, p := range all {
						if p.IsDefault {
							n++
						}
					}
					if n != 1 {
						t.Errorf("%d of %d pipelines are the default", n, len(all))
					}
				}
			})
		}
		wg.Wait()
	})
}

// The database itself keeps a workspace from having two defaults, or two live pipelines of one name.
func TestTheStoreKeepsOneDefault(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		ctx, svc, _ := fresh(t, dialect)
		var ids []string
		for range 2 {
			made, err := svc.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
			require.NoError(t, err)
			ids = append(ids, made.Pipeline.ID)
		}
		for key, change := range map[string]func(*ent.PipelineUpdateOne){
			"pipelines(workspace_id, is_default)": func(u *ent.PipelineUpdateOne) { u.SetIsDefault(true) },
			"pipelines(workspace_id, name_key)":   func(u *ent.PipelineUpdateOne) { u.SetNameKey("agency leads") },
		} {
			_, err := svc.Do(ctx, nil, func(tx *crm.Tx) error {
				u := tx.Ent().Pipeline.UpdateOneID(ids[1]).SetVersion(2)
				change(u)
				return u.Exec(tx.Ctx())
			})
			got, unique := svc.DB.SQL.IsUnique(err)
			require.True(t, unique, "%v", err)
			require.Equal(t, key, got)
		}
	})
}

// A key that is narrowed to some pipelines leaves the set of all of them as it is, and what it does not see is not there.
func TestTheSetOfPipelinesIsNotOfWhoIsNarrowed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		ctx, svc, reader := fresh(t, dialect)
		var ids []string
		for range 3 {
			made, err := svc.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
			require.NoError(t, err)
			ids = append(ids, made.Pipeline.ID)
		}
		v := *viewer.FromContext(ctx)
		v.PipelineIDs = []string{ids[1], ids[2]}
		narrowed := viewer.NewContext(ctx, &v)
		before := state(t, ctx, reader)
		for name, refused := range map[string]func() error{
			"create": func() error {
				_, err := svc.CreatePipeline(narrowed, crm.CreatePipelineInput{Name: "n", Category: "CUSTOM", Stages: []*crm.StageInput{{Name: "a"}}})
				return err
			},
			"template": func() error {
				_, err := svc.CreatePipelineFromTemplate(narrowed, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead"})
				return err
			},
			"duplicate": func() error {
				_, err := svc.DuplicatePipeline(narrowed, crm.DuplicatePipelineInput{ID: ids[1], CopyRecords: "NONE"})
				return err
			},
			"default": func() error {
				_, err := svc.SetDefaultPipeline(narrowed, crm.SetDefaultPipelineInput{ID: ids[1]})
				return err
			},
			"order": func() error {
				_, err := svc.ReorderPipelines(narrowed, crm.ReorderPipelinesInput{PipelineIds: []string{ids[2], ids[1]}})
				return err
			},
			"target": func() error {
				_, err := svc.SetTarget(narrowed, crm.SetTargetInput{Unit: "MONTH", Day: "2026-11-21", Amount: "1"})
				return err
			},
		} {
			require.True(t, fault.Is(refused(), fault.Forbidden), name)
		}
		for name, refused := range map[string]func() error{
			"restore": func() error {
				_, err := svc.RestorePipeline(narrowed, crm.RestorePipelineInput{ID: ids[0]})
				return err
			},
			"stages": func() error {
				_, err := svc.ReorderStages(narrowed, crm.ReorderStagesInput{PipelineID: ids[0]})
				return err
			},
			"target": func() error {
				_, err := svc.SetTarget(narrowed, crm.SetTargetInput{PipelineID: &ids[0], Unit: "MONTH", Day: "2026-11-21", Amount: "1"})
				return err
			},
		} {
			require.True(t, fault.Is(refused(), fault.NotFoundCode), name)
		}
		require.Equal(t, before, state(t, ctx, reader))
		_, err := svc.ReorderPipelines(ctx, crm.ReorderPipelinesInput{PipelineIds: ids[1:]})
		require.True(t, fault.Is(err, fault.Conflict), "%v", err)
		require.Equal(t, map[string][]string{"pipelineIds": ids}, fault.Of(err).Current)
	})
}

// Up to 5,000 records are copied in one commit, in their order; what fails midway leaves nothing behind.
func TestDuplicatingManyRecords(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx, reader := viewer.NewContext(context.Background(), w.Owner.Viewer), read.Reader{DB: w.DB}
		fill(t, w, crm.MaxCopies)
		before := state(t, ctx, reader)

		n, broken := 0, *w.CRM
		broken.NewID = func(prefix string) string {
			if n++; prefix == typeid.Record && n > 120 {
				return "rec_00000000000000000000000000"
			}
			return typeid.New(prefix)
		}
		_, err := broken.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
		require.Error(t, err)
		require.Greater(t, n, 150, "it failed too early to tell")
		require.Equal(t, before, state(t, ctx, reader))

		out, err := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
		require.NoError(t, err)
		require.Equal(t, crm.MaxCopies, out.RecordCount)
		was, is := column(t, w, w.Lead), column(t, w, out.Pipeline.Stages[0].ID)
		require.Len(t, is, crm.MaxCopies)
		numbers := map[int]bool{}
		for i, c := range is {
			require.Equal(t, was[i].ID, *c.CopiedFromID, "the order differs at %d", i)
			require.Equal(t, was[i].Title, c.Title)
			require.False(t, numbers[c.Number])
			require.LessOrEqual(t, c.Number, crm.MaxCopies, "no number was taken before")
			numbers[c.Number] = true
		}
		after := state(t, ctx, reader)
		require.Equal(t, before[0]+1, after[0], "more than one commit")

		none, err := w.CRM.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "NONE"})
		require.NoError(t, err)
		require.Zero(t, none.RecordCount)
	})
}

// Nobody copies what it does not see, nor records without the right to make some.
func TestDuplicatingWhatOneSees(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		w := servertest.Found(t, servertest.Start(t, dialect), "alpha")
		ctx := viewer.NewContext(context.Background(), w.Owner.Viewer)
		for _, owner := range []*string{&w.Chloe.ID, &w.Ben.ID, nil} {
			_, err := w.CRM.CreateRecord(ctx, crm.CreateRecordInput{Title: "deal", Priority: "LOW", OwnerID: owner})
			require.NoError(t, err)
		}
		v := *w.Chloe.Viewer
		v.Perms |= viewer.ManagePipelines
		hers := viewer.NewContext(context.Background(), &v)
		out, err := w.CRM.DuplicatePipeline(hers, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "ALL"})
		require.NoError(t, err)
		require.Equal(t, 1, out.RecordCount)
		copied := column(t, w, out.Pipeline.Stages[0].ID)
		require.Len(t, copied, 1)
		require.Equal(t, w.Chloe.ID, *copied[0].OwnerID)
		v.Perms &^= viewer.WriteRecords
		_, err = w.CRM.DuplicatePipeline(hers, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "OPEN_ONLY"})
		require.True(t, fault.Is(err, fault.Forbidden), "%v", err)
		_, err = w.CRM.DuplicatePipeline(hers, crm.DuplicatePipelineInput{ID: w.Pipeline, CopyRecords: "NONE"})
		require.NoError(t, err)
	})
}

// A long name is cut so that its ending fits.
func TestLongNamesOfCopies(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		ctx, svc, _ := fresh(t, dialect)
		name := fmt.Sprintf("%0100d", 7)
		made, err := svc.CreatePipelineFromTemplate(ctx, crm.CreatePipelineFromTemplateInput{TemplateKey: "agency_lead", Name: &name})
		require.NoError(t, err)
		for _, want := range []string{name[:93] + " (copy)", name[:91] + " (copy) 2", name[:91] + " (copy) 3"} {
			out, err := svc.DuplicatePipeline(ctx, crm.DuplicatePipelineInput{ID: made.Pipeline.ID, CopyRecords: "NONE"})
			require.NoError(t, err)
			require.Equal(t, want, out.Pipeline.Name)
		}
	})
}

// fresh is a workspace without pipelines, seen by its owner.
func fresh(t *testing.T, dialect string) (context.Context, *crm.Service, read.Reader) {
	t.Helper()
	s := servertest.Start(t, dialect)
	ws, owner, err := s.CRM.Found(context.Background(), crm.FoundWorkspace{PartnerWorkspaceID: "w", Name: "w", Slug: "w", Timezone: "UTC", DefaultCurrency: "EUR",
		Owner: crm.NewMember{FirstName: "O", LastName: "O", Email: "o@w.example"}})
	require.NoError(t, err)
	token, err := s.Gate.IssueSession(context.Background(), ws.ID, owner.ID)
	require.NoError(t, err)
	v, err := s.Gate.Session(context.Background(), token)
	require.NoError(t, err)
	return viewer.NewContext(context.Background(), v), s.CRM, read.Reader{DB: s.DB}
}

// stubborn runs a command again for as long as too many others are at the same place.
func stubborn(command func() (any, error)) (any, error) {
	for {
		out, err := command()
		if !fault.Is(err, fault.Overloaded) {
			return out, err
		}
	}
}

// fill puts records into Lead, with numbers that no counter gave.
func fill(t *testing.T, w *servertest.World, n int) {
	t.Helper()
	ctx := viewer.NewContext(context.Background(), w.Owner.Viewer)
	present := column(t, w, w.Lead)
	low := ""
	if len(present) > 0 {
		low = present[len(present)-1].Rank
	}
	ranks, err := rank.Spread(n, low, "")
	require.NoError(t, err)
	_, err = w.CRM.Do(ctx, nil, func(tx *crm.Tx) error {
		for start := 0; start < n; start += 50 {
			var rows []*ent.RecordCreate
			for i := start; i < min(n, start+50); i++ {
				by, now := tx.Viewer().Actor(), tx.Time()
				rows = append(rows, tx.Ent().Record.Create().SetID(typeid.New(typeid.Record)).SetWorkspaceID(w.WorkspaceID).SetNumber(1_000_000+len(present)+i).
					SetPipelineID(w.Pipeline).SetStageID(w.Lead).SetRank(ranks[i]).SetTitle(fmt.Sprint("deal ", i)).SetTitleFolded(fmt.Sprint("deal ", i)).SetCurrency("EUR").SetProbability(10).
					SetProbabilitySource(record.ProbabilitySourceSTAGE).SetStatus(record.StatusOPEN).SetStageEnteredAt(now).SetLastActivityAt(now).
					SetSource(record.SourceMANUAL).SetTitleFolded("").SetSearchText("").SetTagKeys("").SetCreatedBy(by).SetUpdatedBy(by).SetCreatedAt(now).SetUpdatedAt(now))
			}
			if err := tx.Ent().Record.CreateBulk(rows...).Exec(tx.Ctx()); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
}

// column gives the records of a stage in board order.
func column(t *testing.T, w *servertest.World, stageID string) (out []*ent.Record) {
	t.Helper()
	_, err := w.CRM.Do(viewer.NewContext(context.Background(), w.Owner.Viewer), nil, func(tx *crm.Tx) (err error) {
		out, err = tx.Ent().Record.Query().Where(record.StageID(stageID), record.DeletedAtIsNil()).Order(record.ByRank()).All(tx.Seen())
		return err
	})
	require.NoError(t, err)
	return out
}

// state is what a command that leaves nothing behind leaves as it is: the revision, the pipelines, the records.
func state(t *testing.T, ctx context.Context, r read.Reader) (out [3]int) {
	t.Helper()
	ws, err := r.Workspace(ctx)
	require.NoError(t, err)
	all, err := r.Pipelines(ctx)
	require.NoError(t, err)
	records, err := r.Records(ctx, nil, nil, 1, nil)
	require.NoError(t, err)
	total, err := records.Total(ctx)
	require.NoError(t, err)
	return [3]int{int(ws.Revision), len(all), total}
}
