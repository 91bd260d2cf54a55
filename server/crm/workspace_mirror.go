package crm

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/ent/workspace"
	"github.com/rapidbott/tideboard/server/scope"
)

// Mirror is what the partner says of a workspace. Texts that are longer than the row holds are cut.
type Mirror struct {
	// Eligibility is ELIGIBLE or why not. Exists is false for a workspace that the partner does not know (any more); the
	// fields below then count for nothing and what is mirrored stays.
	Eligibility                                 string
	Exists                                      bool
	Paused                                      bool
	PlanCode, PlanStatus, OwnerName, OwnerEmail string
	PaidThrough, TrialEndsAt                    *time.Time
	// CheckedAt is when the partner said so.
	CheckedAt time.Time
}

// MirrorWorkspace writes what the partner says into the workspace's row and gives the eligibility that stands there then.
// Only the program itself may. An answer that is not newer than the row counts for nothing. When only the moment of the
// answer is new it is written beside the log.
func (s *Service) MirrorWorkspace(ctx context.Context, workspaceID string, m Mirror) (eligibility string, err error) {
	v := viewer.ForSystem(workspaceID)
	v.Kind, v.Name, v.Source = viewer.Partner, "Rapidbott", viewer.FromPartner
	at := m.CheckedAt.UTC().Truncate(time.Microsecond)
	_, err = s.Do(viewer.NewContext(ctx, v), nil, func(tx *Tx) error {
		row, err := tx.ent.Workspace.Query().Where(workspace.ID(workspaceID), tx.lock).Only(tx.ctx)
		if err != nil {
			return err
		}
		eligibility = row.Eligibility
		if row.CheckedAt != nil && !at.After(*row.CheckedAt) {
			return nil
		}
		up := tx.ent.Workspace.UpdateOneID(workspaceID)
		if m.differs(row, up) {
			if err := up.Exec(tx.ctx); err != nil {
				return err
			}
		}
		eligibility, tx.keep = m.Eligibility, true
		text, args := scope.New(tx.viewer, tx.DB.SQL).Add("UPDATE workspaces SET checked_at = ? WHERE ", at).Own("workspaces").SQL()
		_, err = tx.sql.ExecContext(tx.ctx, text, args...)
		return err
	})
	return eligibility, err
}

// differs has an update write what is not as the partner says, and tells whether anything is.
func (m Mirror) differs(row *ent.Workspace, up *ent.WorkspaceUpdateOne) bool {
	changed := row.Eligibility != m.Eligibility || row.PartnerExists != m.Exists
	up.SetEligibility(m.Eligibility).SetPartnerExists(m.Exists)
	if !m.Exists {
		return changed
	}
	changed = changed || row.Paused != m.Paused
	up.SetPaused(m.Paused)
	for _, f := range []struct {
		old *string
		now string
		set func(string) *ent.WorkspaceUpdateOne
	}{
		{row.PlanCode, clip(m.PlanCode, 64), up.SetPlanCode}, {row.PlanStatus, clip(m.PlanStatus, 64), up.SetPlanStatus},
		{row.OwnerName, clip(m.OwnerName, 200), up.SetOwnerName}, {row.OwnerEmail, clip(m.OwnerEmail, 254), up.SetOwnerEmail},
	} {
		changed = changed || f.old == nil || *f.old != f.now
		f.set(f.now)
	}
	for _, f := range []struct {
		old, now *time.Time
		set      func(time.Time) *ent.WorkspaceUpdateOne
		clear    func() *ent.WorkspaceUpdateOne
	}{
		{row.PaidThrough, stored(m.PaidThrough), up.SetPaidThrough, up.ClearPaidThrough},
		{row.TrialEndsAt, stored(m.TrialEndsAt), up.SetTrialEndsAt, up.ClearTrialEndsAt},
	} {
		changed = changed || (f.old == nil) != (f.now == nil) || f.now != nil && !f.old.Equal(*f.now)
		if f.now == nil {
			f.clear()
		} else {
			f.set(*f.now)
		}
	}
	return changed
}

// stored is a moment as the database keeps it.
func stored(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	cut := t.UTC().Truncate(time.Microsecond)
	return &cut
}

// clip makes a text from elsewhere fit for a column of n characters: sound, trimmed, not longer.
func clip(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > n { // MaxLen of a column counts bytes
		r := []rune(s)
		s = strings.TrimSpace(string(r[:len(r)-1]))
	}
	return s
}
