package crm

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/pipeline"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/ent/workspace"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/typeid"
)

// reassignHour is from which hour of the workspace's day the daily run is due.
const reassignHour = 2

// dailyReassign names the daily run.
const dailyReassign = "reassign_records"

// ReassignDue does the daily reassignment of every eligible workspace that has it on and in whose zone it is past 02:00 of
// a day on which it was not done. However many processes ask, each record is given away once: a commit of a run begins by
// holding the day, and a day is over with the last of them. One that fails keeps no other from its turn.
func (s *Service) ReassignDue(ctx context.Context) error {
	all, err := s.everywhere().Workspace.Query().Where(workspace.Eligibility("ELIGIBLE")).
		Select(workspace.FieldID, workspace.FieldTimezone, workspace.FieldSettings).All(viewer.NewContext(ctx, viewer.ForOperator()))
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range all {
		day, due := reassignDay(s.Now(), zoneOf(w.Timezone))
		if !due || !SettingsOf(jsonOf(w.Settings)).Records.AutoReassign {
			continue
		}
		if err := s.reassignOn(ctx, w.ID, day); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// reassignDay is the day in a zone, and whether its run is due.
func reassignDay(now time.Time, zone *time.Location) (string, bool) {
	local := now.In(zone)
	return local.Format(time.DateOnly), local.Hour() >= reassignHour
}

// reassignOn does the run of a workspace's day, unless that was done.
func (s *Service) reassignOn(ctx context.Context, workspaceID, day string) error {
	v := viewer.ForSystem(workspaceID)
	v.Kind, v.Name, v.Source = viewer.Automation, "Automatic reassignment", viewer.ByAutomation
	ctx = viewer.NewContext(ctx, v)
	var last string
	text, args := lastRun(scope.New(v, s.DB.SQL)).SQL()
	err := s.DB.QueryRow(ctx, text, args...).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for over := last >= day; !over; {
		_, err := s.Do(ctx, nil, func(tx *Tx) (err error) {
			over, err = tx.reassignOn(day)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func lastRun(b *scope.Builder) *scope.Builder {
	return b.Add("SELECT d.day FROM daily_runs d WHERE ").Workspace("d").Add(" AND d.name = ?", dailyReassign)
}

// reassignOn does one commit of the run of a day, and tells whether the day is over.
func (tx *Tx) reassignOn(day string) (bool, error) {
	var last string
	err := tx.one(tx.begin().Hold("daily_runs", []string{"name"}, []string{"day", "updated_at"}, dailyReassign, "", tx.now).Add(" RETURNING day"), &last)
	if err != nil || last >= day {
		return true, err
	}
	done, err := tx.reassign(true)
	if err != nil || done.remaining > 0 {
		return false, err
	}
	return true, tx.ranOn(day)
}

// ranOn keeps that a day's run is over.
func (tx *Tx) ranOn(day string) error {
	_, err := tx.run(tx.begin().Upsert("daily_runs", []string{"name"}, []string{"day", "updated_at"}, dailyReassign, day, tx.now))
	return err
}

// reassigns checks what settings say of the reassignment: the pipelines are there. Who switches it on after the hour of a
// day begins with the next one, for nobody expects records to move at once.
func (tx *Tx) reassigns(cur, next *ent.Workspace, given map[string]any) error {
	is := SettingsOf(jsonOf(next.Settings)).Records
	if _, ok := given["records.auto_reassign_pipeline_ids"]; ok && len(is.AutoReassignPipelineIds) > 0 {
		live, err := tx.ent.Pipeline.Query().Where(pipeline.IDIn(is.AutoReassignPipelineIds...), pipeline.DeletedAtIsNil()).IDs(tx.seen)
		if err != nil {
			return err
		}
		for i, id := range is.AutoReassignPipelineIds {
			if !slices.Contains(live, id) {
				return fault.NotFound(pathOf("input.records.autoReassignPipelineIds", i), typeid.Name(typeid.Pipeline), id)
			}
		}
	}
	if !is.AutoReassign || SettingsOf(jsonOf(cur.Settings)).Records.AutoReassign {
		return nil
	}
	if day, due := reassignDay(tx.now, zoneOf(next.Timezone)); due {
		return tx.ranOn(day)
	}
	return nil
}
