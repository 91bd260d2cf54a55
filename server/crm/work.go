package crm

import (
	"context"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/ent/contact"
	"github.com/rapidbott/tideboard/ent/member"
	"github.com/rapidbott/tideboard/ent/record"
	"github.com/rapidbott/tideboard/ent/task"
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/typeid"
)

// OpenWork is what somebody has to do: OPEN records and all contacts owned, OPEN tasks assigned.
type OpenWork struct {
	Records  int `json:"records"`
	Contacts int `json:"contacts"`
	Tasks    int `json:"tasks"`
}

// ReassignWorkInput says whose work becomes whose; see the SDL.
type ReassignWorkInput struct {
	FromMemberID     string
	ToMemberID       *string
	Unassign         bool
	ClientMutationID *string
}

// ReassignWorkPayload tells how much was given away.
type ReassignWorkPayload struct {
	Work             OpenWork
	Revision         row.Revision
	ClientMutationID *string
}

// ReassignWork gives all open work of a member to another, or to nobody, in one commit; none when there is none. Needs
// ManageTeam and AssignOthers, or within own teams ManageOwnTeam and AssignTeam, and a key the scopes to write what is
// given.
func (s *Service) ReassignWork(ctx context.Context, in ReassignWorkInput) (*ReassignWorkPayload, error) {
	if err := givesAway(ctx); err != nil {
		return nil, err
	}
	if err := oneHeir("toMemberId", in.ToMemberID, in.Unassign); err != nil {
		return nil, err
	}
	if in.ToMemberID == nil && !in.Unassign {
		return nil, fault.At("input.toMemberId", fault.ValidationFailed, "say whose the work becomes, or unassign")
	}
	out := &ReassignWorkPayload{ClientMutationID: in.ClientMutationID}
	rev, err := s.Answer(ctx, in.ClientMutationID, out, func(tx *Tx) error {
		m, err := tx.manager()
		if err != nil {
			return err
		}
		from, err := tx.someone("input.fromMemberId", in.FromMemberID)
		if err != nil {
			return err
		}
		if err := m.within(from); err != nil {
			return err
		}
		if in.ToMemberID != nil {
			if err := tx.heir(m, "input.toMemberId", in.FromMemberID, *in.ToMemberID); err != nil {
				return err
			}
		}
		if err := mayAssign(tx.seen, &from.ID, in.ToMemberID); err != nil {
			return err
		}
		work, err := tx.openWork(from.ID)
		if err != nil || *work == (OpenWork{}) {
			return err
		}
		out.Work = *work
		if err := tx.giveAway(from.ID, in.ToMemberID); err != nil {
			return err
		}
		return tx.Audit("work.reassigned", from.ID, map[string]any{"to": in.ToMemberID, "work": work})
	})
	out.Revision = rev
	return out, err
}

// givesAway refuses to give away all of a member's work to who may not write it, or does not see all of it.
func givesAway(ctx context.Context) error {
	return permitWhole(ctx, viewer.WriteRecords|viewer.WriteContacts|viewer.WriteTasks|viewer.SeeAllRecords|viewer.SeeAllTasks)
}

func oneHeir(field string, to *string, unassign bool) error {
	if to != nil && unassign {
		return fault.At("input.unassign", fault.ValidationFailed, "not together with %s", field)
	}
	return nil
}

// within refuses a member of other teams to who decides within own teams only.
func (m *manager) within(about *ent.Member) error {
	for _, id := range about.TeamIds {
		if m.leads(id) {
			return nil
		}
	}
	if m.everywhere || about.ID == m.MemberID() {
		return nil
	}
	return fault.New(fault.Forbidden, "this member is in none of your teams")
}

// someone reads a member of the workspace, former ones too.
func (tx *Tx) someone(field, id string) (*ent.Member, error) {
	if err := wrongKind(field, typeid.Member, id); err != nil {
		return nil, err
	}
	m, err := tx.ent.Member.Query().Where(member.ID(id)).Only(tx.seen)
	return m, missing(err, field, typeid.Member, id)
}

// heir checks who gets the work of another.
func (tx *Tx) heir(m *manager, field, from, to string) error {
	if from == to {
		return fault.At(field, fault.ValidationFailed, "is whose work it is now")
	}
	heir, err := tx.assignee(field, to)
	if err != nil {
		return err
	}
	return m.within(heir)
}

// openWork counts what a member has to do, whoever sees it.
func (tx *Tx) openWork(memberID string) (w *OpenWork, err error) {
	w = &OpenWork{}
	if w.Records, err = tx.ent.Record.Query().Where(record.OwnerID(memberID), record.StatusEQ(record.StatusOPEN), record.DeletedAtIsNil()).Count(tx.ctx); err != nil {
		return nil, err
	}
	if w.Contacts, err = tx.ent.Contact.Query().Where(contact.OwnerID(memberID), contact.DeletedAtIsNil()).Count(tx.ctx); err != nil {
		return nil, err
	}
	w.Tasks, err = tx.ent.Task.Query().Where(task.AssigneeID(memberID), task.StatusEQ(task.StatusOPEN), task.DeletedAtIsNil()).Count(tx.ctx)
	return w, err
}

// giveAway gives all open work of a member to another, or to nobody, because a person says so: that is activity on the
// records, so that the nightly run does not take from the heir what was idle until now. Contacts and tasks keep none.
func (tx *Tx) giveAway(from string, to *string) error {
	records, err := tx.ent.Record.Query().Where(record.OwnerID(from), record.StatusEQ(record.StatusOPEN), record.DeletedAtIsNil(), tx.lock).
		Order(record.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	err = batches(records, func(r *ent.Record) string { return r.ID }, func(ids []string) error {
		u := tx.ent.Record.Update().Where(record.IDIn(ids...)).SetLastActivityAt(tx.now).AddVersion(1).SetUpdatedAt(tx.now).
			SetUpdatedBy(tx.viewer.Actor())
		if to == nil {
			return u.ClearOwnerID().Exec(tx.ctx)
		}
		return u.SetOwnerID(*to).Exec(tx.ctx)
	})
	if err != nil {
		return err
	}
	contacts, err := tx.ent.Contact.Query().Where(contact.OwnerID(from), contact.DeletedAtIsNil(), tx.lock).Order(contact.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	err = batches(contacts, func(c *ent.Contact) string { return c.ID }, func(ids []string) error {
		u := tx.ent.Contact.Update().Where(contact.IDIn(ids...)).AddVersion(1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
		if to == nil {
			return u.ClearOwnerID().Exec(tx.ctx)
		}
		return u.SetOwnerID(*to).Exec(tx.ctx)
	})
	if err != nil {
		return err
	}
	tasks, err := tx.ent.Task.Query().Where(task.AssigneeID(from), task.StatusEQ(task.StatusOPEN), task.DeletedAtIsNil(), tx.lock).
		Order(task.ByID()).All(tx.ctx)
	if err != nil {
		return err
	}
	return batches(tasks, func(t *ent.Task) string { return t.ID }, func(ids []string) error {
		u := tx.ent.Task.Update().Where(task.IDIn(ids...)).AddVersion(1).SetUpdatedAt(tx.now).SetUpdatedBy(tx.viewer.Actor())
		if to == nil {
			return u.ClearAssigneeID().Exec(tx.ctx)
		}
		return u.SetAssigneeID(*to).Exec(tx.ctx)
	})
}

// batches writes the rows MaxBatch at a time: a statement has only so many arguments.
func batches[T any](rows []T, id func(T) string, write func(ids []string) error) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = id(r)
	}
	for start := 0; start < len(ids); start += MaxBatch {
		if err := write(ids[start:min(start+MaxBatch, len(ids))]); err != nil {
			return err
		}
	}
	return nil
}
