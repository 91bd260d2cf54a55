package crm

import (
	"context"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/tie"
)

// Purged counts what a purge took away for good.
type Purged struct {
	Records   int64 `json:"records"`
	Stages    int64 `json:"stages"`
	Pipelines int64 `json:"pipelines"`
}

// Purge takes away for good what was deleted more than 30 days ago, in every workspace: records with their spans, and
// pipelines with those of their stages that no history of a record names. Commits have at most 500 records each. It can
// be run again at any time, by several processes at once. What the log keeps of the rows goes with the log.
func (s *Service) Purge(ctx context.Context) (sum Purged, err error) {
	before := s.Now().Add(-row.RestorableFor)
	ids, err := s.withDeleted(ctx, before)
	if err != nil {
		return sum, err
	}
	for _, id := range ids {
		for {
			n, err := s.purge(viewer.NewContext(ctx, viewer.ForSystem(id)), before)
			if err != nil {
				return sum, err
			}
			sum.Records, sum.Stages, sum.Pipelines = sum.Records+n.Records, sum.Stages+n.Stages, sum.Pipelines+n.Pipelines
			if n.Records < MaxBatch {
				break
			}
		}
	}
	return sum, nil
}

// withDeleted gives the workspaces that have something deleted before an instant.
func (s *Service) withDeleted(ctx context.Context, before time.Time) (ids []string, err error) {
	b := scope.New(viewer.ForSystem(""), s.DB.SQL).Everywhere("records", "r").Add("r.deleted_at <= ?", before).Add(" UNION ").
		Everywhere("pipelines", "p").Add("p.deleted_at <= ?", before)
	text, args := b.SQL()
	rows, err := s.DB.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// purge is one commit of a purge, in the workspace of the viewer.
func (s *Service) purge(ctx context.Context, before time.Time) (out Purged, err error) {
	_, err = s.Do(ctx, nil, func(tx *Tx) (err error) {
		out = Purged{}
		if out.Records, err = tx.purgeRecords(before); err != nil {
			return tx.raced(err)
		}
		if out.Records < MaxBatch { // the last of them: nothing links to the pipelines any more
			if err := tx.purgePipelines(before, &out); err != nil {
				return tx.raced(err)
			}
		}
		if out == (Purged{}) {
			return nil
		}
		return tx.Say("workspace.purged", "workspace", tx.viewer.WorkspaceID, out)
	})
	return out, err
}

// raced has a transaction run again that met somebody who has linked to what it takes away.
func (tx *Tx) raced(err error) error {
	if tx.DB.SQL.IsForeignKey(err) {
		return changelog.ErrLost
	}
	return err
}

// purgeRecords takes away some records with their spans and the links that others have to them; their tasks stay, done,
// about nothing.
func (tx *Tx) purgeRecords(before time.Time) (int64, error) {
	gone, err := tx.ent.Record.Query().Where(record.DeletedAtLTE(before), tx.lock).Order(record.ByID()).Limit(MaxBatch).All(tx.ctx)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	ids := make([]string, len(gone))
	for i, r := range gone {
		ids[i] = r.ID
	}
	if err := tx.purgeLinks(gone, ids); err != nil {
		return 0, err
	}
	if err := tx.purgeTasks(ids); err != nil {
		return 0, err
	}
	for _, b := range []*scope.Builder{tx.begin().Add("DELETE FROM stage_spans AS t WHERE "), tx.begin().Add("DELETE FROM owner_spans AS t WHERE ")} {
		if _, err := tx.run(b.Workspace("t").Add(" AND ").In("t.record_id", ids)); err != nil {
			return 0, err
		}
	}
	return tx.run(tx.begin().Add("DELETE FROM records AS t WHERE ").Workspace("t").Add(" AND ").In("t.id", ids))
}

// purgePipelines takes away the stages of pipelines deleted long ago that no record was ever in, as far as histories
// tell, then those of the pipelines that have no stage left. The others stay: histories name them.
func (tx *Tx) purgePipelines(before time.Time, out *Purged) (err error) {
	b := tx.begin().Add("DELETE FROM stages AS t WHERE ").Workspace("t").Add(" AND t.pipeline_id IN (SELECT p.id FROM pipelines p WHERE ").
		Workspace("p").Add(" AND p.deleted_at <= ?) AND NOT EXISTS (SELECT 1 FROM stage_spans s WHERE ", before).Same("s", "t").
		Add(" AND s.stage_id = t.id) AND NOT EXISTS (SELECT 1 FROM records r WHERE ").Same("r", "t").Add(" AND r.stage_id = t.id)")
	if out.Stages, err = tx.run(b); err != nil {
		return err
	}
	b = tx.begin().Add("DELETE FROM pipelines AS t WHERE ").Workspace("t").Add(" AND t.deleted_at <= ?", before).
		Add(" AND NOT EXISTS (SELECT 1 FROM stages s WHERE ").Same("s", "t").Add(" AND s.pipeline_id = t.id)").
		Add(" AND NOT EXISTS (SELECT 1 FROM records r WHERE ").Same("r", "t").Add(" AND r.pipeline_id = t.id)")
	out.Pipelines, err = tx.run(b)
	return err
}

// purgeLinks takes the links to records that go off those that stay.
func (tx *Tx) purgeLinks(gone []*ent.Record, ids []string) error {
	var others []string
	for _, r := range gone {
		for _, l := range r.Links {
			if _, goes := slices.BinarySearch(ids, l.RecordID); !goes {
				others = append(others, l.RecordID)
			}
		}
	}
	slices.Sort(others)
	for chunk := range slices.Chunk(slices.Compact(others), MaxBatch) {
		held, err := tx.ent.Record.Query().Where(record.IDIn(chunk...), tx.lock).Order(record.ByID()).All(tx.ctx)
		if err != nil {
			return err
		}
		drafts := make([]*draft, len(held))
		for i, r := range held {
			next := *r
			next.Links = slices.DeleteFunc(slices.Clone(r.Links), func(l tie.Link) bool {
				_, goes := slices.BinarySearch(ids, l.RecordID)
				return goes
			})
			drafts[i] = &draft{r, next}
		}
		if _, err := tx.saveAll(drafts); err != nil {
			return err
		}
	}
	return nil
}

// purgeTasks completes the tasks of records that go as far as the deletion left them open, and has all of them be about nothing.
func (tx *Tx) purgeTasks(ids []string) error {
	loose, err := tx.ent.Task.Query().Where(task.RecordIDIn(ids...), tx.lock).Order(task.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	var open, rest []string
	for _, t := range loose {
		if t.Status == task.StatusOPEN {
			open = append(open, t.ID)
		} else {
			rest = append(rest, t.ID)
		}
	}
	same := func(id string) string { return id }
	free := func(ids []string) *ent.TaskUpdate {
		return tx.ent.Task.Update().Where(task.IDIn(ids...)).ClearRecordID().AddVersion(1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
	}
	err = batches(open, same, func(ids []string) error {
		return free(ids).SetStatus(task.StatusDONE).SetCompletedAt(tx.now).SetCompletionCause(task.CompletionCauseRECORD_DELETED).Exec(tx.ctx)
	})
	if err != nil {
		return err
	}
	return batches(rest, same, func(ids []string) error { return free(ids).Exec(tx.ctx) })
}
